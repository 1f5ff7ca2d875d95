import { z } from 'zod';

const url = z.url();
const optional = z.string().min(1).optional();

/** Environment variables as documented in the public contract; unset means the embedded default. */
export const Environment = z.object({
  DATABASE_URL: url.optional(),
  DATABASE_MIGRATION_URL: url.optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'must be host:port')
    .optional(),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_API_KEY: optional,
  TEMPORAL_TLS_CA: optional,
  TEMPORAL_TLS_CERT: optional,
  TEMPORAL_TLS_KEY: optional,
  SLACK_BOT_TOKEN: z.string().startsWith('xoxb-', 'must start with xoxb-').optional(),
  SLACK_APP_TOKEN: z.string().startsWith('xapp-', 'must start with xapp-').optional(),
  SLACK_SIGNING_SECRET: optional,
  SLACK_API_URL: url.endsWith('/api/', 'must end in /api/').optional(),
  PAGERDUTY_API_TOKEN: optional,
  PAGERDUTY_API_URL: url.default('https://api.pagerduty.com'),
  PAGERDUTY_EVENTS_URL: url.default('https://events.pagerduty.com'),
  PAGERDUTY_ROUTING_KEY: optional,
  PAGERDUTY_FROM_EMAIL: z.email().optional(),
  PAGERDUTY_WEBHOOK_SECRET: optional,
  LINEAR_API_KEY: optional,
  LINEAR_API_URL: url.default('https://api.linear.app/graphql'),
  LINEAR_TEAM_KEY: optional,
  LINEAR_WEBHOOK_SECRET: optional,
  OPENAI_API_KEY: optional,
  OPENAI_BASE_URL: url.default('https://api.openai.com/v1'),
  ANTHROPIC_API_KEY: optional,
  ANTHROPIC_BASE_URL: url.default('https://api.anthropic.com'),
  CODEX_AUTH_FILE: z.string().min(1).optional(),
  CODEX_BASE_URL: url.default('https://chatgpt.com/backend-api/codex'),
  POLICY_BUNDLE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters, without spaces')
    .optional(),
  OIDC_ISSUER: url.optional(),
  OIDC_CLIENT_ID: optional,
  OIDC_CLIENT_SECRET: optional,
  PUBLIC_URL: url.optional(),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  AUDIT_SIGNING_KEY: optional,
  AUDIT_CHECKPOINTS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters, without spaces')
    .optional(),
  GRANT_SIGNING_KEY: optional,
  GRANT_VERIFY_KEYS: optional,
  PAYLOAD_KEY: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be 32 bytes in hexadecimal')
    .optional(),
  WATCHKEEPER_URL: url.optional(),
  WATCHKEEPER_TOKEN: optional,
  WATCHKEEPER_CONFIG: z.string().min(1).default('watchkeeper.yaml'),
  WATCHKEEPER_DATA: z.string().min(1).default('.watchkeeper'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin'),
});
export type Environment = z.infer<typeof Environment>;
