import { z } from 'zod';

/**
 * What Slack accepts of an app manifest, version 2, for the parts that ours uses: names, lengths and counts as published in
 * https://github.com/slackapi/manifest-schema (schemas/manifest.schema.2.0.0.json). Keys that are not named are refused, as they are there.
 */
const text = (max: number, min = 1) => z.string().min(min).max(max);
const Url = z
  .string()
  .regex(/^https?:\/\//)
  .max(3500);
const Named = z.strictObject({ name: z.string(), description: z.string() });

const Features = z.strictObject({
  agent_view: z.strictObject({
    agent_description: z.string().max(300).optional(),
    suggested_prompts: z
      .array(z.strictObject({ title: z.string(), message: z.string() }))
      .max(4)
      .optional(),
    actions: z.array(Named).optional(),
  }),
  app_home: z.strictObject({
    home_tab_enabled: z.boolean().optional(),
    messages_tab_enabled: z.boolean().optional(),
    messages_tab_read_only_enabled: z.boolean().optional(),
  }),
  bot_user: z.strictObject({ display_name: text(80), always_online: z.boolean().optional() }),
  slash_commands: z
    .array(
      z.strictObject({
        command: text(32, 2).startsWith('/'),
        description: text(2000),
        usage_hint: text(1000).optional(),
        should_escape: z.boolean().optional(),
        url: Url.max(3000).optional(),
      }),
    )
    .min(1)
    .max(50),
  shortcuts: z
    .array(z.strictObject({ name: text(24), type: z.enum(['message', 'global']), callback_id: text(255), description: text(150) }))
    .min(1)
    .max(10),
});

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;
const Scopes = z.array(z.string().max(50)).max(255);
const Events = z.array(z.string().max(50)).max(100).refine(unique, 'events must be unique');

const Settings = z.strictObject({
  event_subscriptions: z.strictObject({ request_url: Url.optional(), bot_events: Events }),
  interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: Url.optional(), message_menu_options_url: Url.optional() }),
  org_deploy_enabled: z.boolean(),
  socket_mode_enabled: z.boolean(),
  token_rotation_enabled: z.boolean(),
});

export const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.int().optional() }),
  display_information: z.strictObject({
    name: text(35),
    description: text(140),
    long_description: text(4000, 175),
    background_color: z.string().regex(/^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$/),
  }),
  features: Features,
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: Scopes, user: Scopes.optional() }) }),
  settings: Settings,
});
export type Manifest = z.infer<typeof Manifest>;
