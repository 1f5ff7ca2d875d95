import { z } from 'zod';
import { Role } from '../policy/contract/basics.ts';
import { SiteName } from '../tools/contract.ts';
import { Uid as GrafanaUid } from '../tools/grafana/api.ts';
import { Site } from '../tools/site.ts';
import { GitOps } from '../workflows/gitops/contract.ts';
import { HttpSettings } from './api/conduct/settings.ts';
import { AutonomySettings, Calendar, Group } from './config-policy.ts';
import { Alerts } from './correlation/settings.ts';
import { Llm } from './llm/settings.ts';
import { IdentitySettings, OidcSettings } from './oidc/settings.ts';
import { MemorySettings, PlaybookSettings } from './playbooks/settings.ts';
import { PolicyConfig } from './policy/config.ts';

export const Person = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/)
    .describe('Stable short name, used in votes, audit and the CLI.'),
  name: z.string().min(1),
  email: z.email().optional(),
  roles: z.array(Role).min(1),
  slack: z.strictObject({ team: z.string().regex(/^T[A-Z0-9]+$/), user: z.string().regex(/^[UW][A-Z0-9]+$/) }).optional(),
  linear: z.string().optional().describe('Linear user id (UUID).'),
  pagerduty: z.string().optional().describe('PagerDuty user id.'),
  oidc: z.string().optional().describe('OIDC subject.'),
});
export type Person = z.infer<typeof Person>;

export const Service = z.strictObject({
  name: z.string().min(1).max(200),
  site: SiteName,
  namespace: z.string().min(1),
  owners: z.array(z.string()).default([]),
  pagerduty: z.string().optional().describe('PagerDuty service id.'),
  dependsOn: z.array(z.string()).default([]).describe('Services that this one calls: their alerts and its own belong together.'),
  channel: z.string().optional().describe('Slack channel id for incidents of this service.'),
  errorRateQuery: z.string().optional().describe('PromQL whose single value is the share of failed requests, 0 to 1.'),
  errorRateLimit: z.number().min(0).max(1).default(0.05).describe('Above this share the service counts as failing.'),
  verifyWithinSeconds: z.number().int().positive().default(120).describe('How long a fix may take to show in the error rate.'),
  traces: z
    .string()
    .regex(/^[^"\\\p{Cc}]{1,200}$/u, 'must be one line without quotes')
    .optional()
    .describe('Its service.name in traces; unset: its name.'),
  grafana: z
    .strictObject({ dashboard: GrafanaUid, panels: z.array(z.int().positive()).min(1).max(3) })
    .optional()
    .describe('Panels that show how it is: pictures of them are shared in the thread of an incident. What they show is not redacted.'),
  gitops: GitOps.optional(),
});
export type Service = z.infer<typeof Service>;

/** `watchkeeper.yaml`. */
export const ConfigFile = z.strictObject({
  people: z.array(Person).default([]),
  services: z.array(Service).default([]),
  sites: z.array(Site).default([]),
  channels: z.strictObject({ default: z.string().optional(), incident: z.array(z.string()).default([]) }).default({ incident: [] }),
  slack: z.enum(['on', 'off']).default('on'),
  alerts: Alerts.prefault({}),
  groups: z.array(Group).max(200).default([]),
  autonomy: AutonomySettings.prefault({}),
  calendar: Calendar.prefault({}),
  llm: Llm.prefault({}),
  policy: PolicyConfig.default({ networks: [] }),
  playbooks: PlaybookSettings.prefault({}),
  memory: MemorySettings.prefault({}),
  pagerduty: z
    .strictObject({
      resolve: z
        .enum(['never', 'own', 'verified'])
        .default('own')
        .describe(
          'Which pages the mirror resolves: none; those that it opened itself; or every linked one, after a fix whose verification held.',
        ),
    })
    .default({ resolve: 'own' }),
  http: HttpSettings.prefault({}),
  linear: z
    .strictObject({
      followUps: z
        .boolean()
        .default(false)
        .describe("Makes an issue of each follow-up that an incident's record leaves open, below the incident's issue, when it closes."),
    })
    .default({ followUps: false }),
  oidc: OidcSettings.prefault({}),
  identity: IdentitySettings.prefault({}),
  audit: z
    .strictObject({
      checkpoints: z
        .strictObject({
          file: z
            .string()
            .min(1)
            .optional()
            .describe('File to which every signed checkpoint of the audit log is appended; in the data directory when absent.'),
          http: z
            .strictObject({
              url: z.url({ protocol: /^https?$/ }).describe('https, or http on this machine.'),
              tokenVariable: z
                .string()
                .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'must be the name of an environment variable')
                .default('AUDIT_CHECKPOINTS_TOKEN')
                .describe('Environment variable that holds the bearer token; none is sent while it is not set.'),
            })
            .optional()
            .describe('Receiver to which every signed checkpoint is posted.'),
        })
        .default({}),
    })
    .default({ checkpoints: {} })
    .describe('Where checkpoints of the audit log are kept outside the database.'),
  redaction: z
    .strictObject({ extraSecrets: z.array(z.string()).default([]).describe('Exact values that are always masked.') })
    .default({ extraSecrets: [] }),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
