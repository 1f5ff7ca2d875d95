import { existsSync, readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { Role } from '../policy/contract/basics.ts';
import { SiteName } from '../tools/contract.ts';
import { HttpSettings } from './api/conduct/settings.ts';
import { receiverProblem } from './audit/receiver.ts';
import { AutonomySettings, Calendar, Group } from './config-policy.ts';
import { policyProblems } from './config-references.ts';
import { Alerts } from './correlation/settings.ts';
import { Llm, llmProblems } from './llm/settings.ts';
import { IdentitySettings, OidcSettings, oidcProblems } from './oidc/settings.ts';
import { Network, PolicyConfig } from './policy/config.ts';

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
});
export type Service = z.infer<typeof Service>;

export const Site = z.strictObject({
  name: SiteName,
  environment: z.string().min(1).default('production'),
  kubernetes: z
    .strictObject({ context: z.string().min(1), kubeconfig: z.strictObject({ read: z.string().min(1), write: z.string().min(1) }) })
    .optional()
    .describe('Two credentials: reads never use the one that writes.'),
  prometheus: z.strictObject({ url: z.url() }).optional(),
  alertmanager: z.strictObject({ url: z.url() }).optional().describe('Alerts are read and silences written there, by amtool.'),
  helm: z
    .strictObject({
      kubeconfig: z
        .strictObject({ read: z.string().min(1), write: z.string().min(1) })
        .optional()
        .describe('Of its own where releases are kept in Secrets, which the credentials for other reads should not see.'),
      driver: z.enum(['secret', 'configmap']).default('secret').describe('Where releases are kept.'),
      charts: z
        .array(
          z.string().regex(/^(https?|oci):\/\/[^\s]+$/, 'is an address such as https://charts.example/ or oci://registry.example/charts/'),
        )
        .max(100)
        .default([])
        .describe('Addresses that charts may come from, by how they begin; none: no release is upgraded.'),
    })
    .optional()
    .describe('Releases of Helm in the cluster of `kubernetes`.'),
  argocd: z
    .strictObject({
      server: z.string().regex(/^[A-Za-z0-9.-]+:\d+$/, 'must be host:port'),
      transport: z.enum(['tls', 'grpc-web', 'plaintext']).default('tls'),
      token: z
        .strictObject({ read: z.string().min(1), write: z.string().min(1) })
        .describe('Files that hold the tokens of two accounts: reads never use the one that writes.'),
    })
    .optional()
    .describe('The API server of Argo CD.'),
  probe: z
    .strictObject({
      hosts: z
        .array(z.string().regex(/^(\*\.)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'is a host, or *. and a domain'))
        .min(1)
        .max(500)
        .describe('Hosts that may be asked for status, latency, certificate and records; *. for all below a domain.'),
      networks: z.array(Network).max(100).default([]).describe('Addresses that are not public and may be asked all the same.'),
    })
    .optional()
    .describe('Looks at hosts from the site; none without it.'),
  binaries: z
    .record(z.string(), z.string().regex(/^\//, 'must be an absolute path'))
    .default({})
    .describe('Absolute paths of CLIs; others are looked up on PATH.'),
});
export type Site = z.infer<typeof Site>;

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

/** Everything that is wrong, one line each. */
export class ConfigInvalid extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['The configuration has these problems:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigInvalid';
    this.problems = problems;
  }
}

function problemsOf(error: z.ZodError, where: string): string[] {
  return error.issues.map((issue) => `${where}${issue.path.length > 0 ? ` ${issue.path.join('.')}` : ''}: ${issue.message}`);
}

export interface Settings {
  readonly env: Environment;
  readonly file: ConfigFile;
}

/** What was found, and everything that is wrong with it, for callers that have more to check. */
export interface Reading {
  /** Variables that are set, to anything but the empty string. */
  readonly given: Readonly<Record<string, string>>;
  /** Null: some variable is not usable. */
  readonly env: Environment | null;
  /** The defaults, where the file is not usable. */
  readonly file: ConfigFile;
  readonly problems: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

function pairProblems(given: Reading['given']): string[] {
  const problems: string[] = [];
  const bot = given['SLACK_BOT_TOKEN'] !== undefined;
  const inbound = given['SLACK_APP_TOKEN'] !== undefined || given['SLACK_SIGNING_SECRET'] !== undefined;
  if (bot && !inbound) problems.push('SLACK_BOT_TOKEN is set: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) too');
  if (!bot && inbound) problems.push('SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is set: set SLACK_BOT_TOKEN too');
  return problems;
}

function mirrorProblems(given: Reading['given']): string[] {
  const problems: string[] = [];
  if (given['PAGERDUTY_API_TOKEN'] !== undefined && given['PAGERDUTY_FROM_EMAIL'] === undefined)
    problems.push('PAGERDUTY_API_TOKEN is set: set PAGERDUTY_FROM_EMAIL to the e-mail of a PagerDuty user too');
  if (given['LINEAR_API_KEY'] !== undefined && given['LINEAR_TEAM_KEY'] === undefined)
    problems.push('LINEAR_API_KEY is set: set LINEAR_TEAM_KEY to the key of a team (e.g. SRE) too');
  return problems;
}

const accountNames = { linear: 'Linear user', pagerduty: 'PagerDuty user', oidc: 'OIDC subject' } as const;

function checkpointProblems({ audit: { checkpoints } }: ConfigFile): string[] {
  if (checkpoints.http === undefined) return [];
  const { url, tokenVariable } = checkpoints.http;
  const wrong = receiverProblem(url);
  return [
    ...(wrong === null ? [] : [`audit.checkpoints.http.url ${wrong}`]),
    ...(tokenVariable !== 'AUDIT_CHECKPOINTS_TOKEN' && tokenVariable in Environment.shape
      ? [`audit.checkpoints.http.tokenVariable: ${tokenVariable} is for something else; take a variable of its own`]
      : []),
  ];
}

function referenceProblems(file: ConfigFile): string[] {
  const sites = new Set(file.sites.map((site) => site.name));
  const people = new Set(file.people.map((person) => person.id));
  const duplicates = (what: string, values: readonly string[]) =>
    values.filter((value, index) => values.indexOf(value) !== index).map((value) => `${what} ${value} is listed twice`);
  return [
    ...duplicates(
      'site',
      file.sites.map((site) => site.name),
    ),
    ...duplicates(
      'person',
      file.people.map((person) => person.id),
    ),
    ...duplicates(
      'service',
      file.services.map((service) => service.name),
    ),
    ...duplicates(
      'Slack user',
      file.people.flatMap((person) => (person.slack ? [`${person.slack.team}/${person.slack.user}`] : [])),
    ),
    ...(['linear', 'pagerduty', 'oidc'] as const).flatMap((kind) =>
      duplicates(
        accountNames[kind],
        file.people.flatMap((person) => person[kind] ?? []),
      ),
    ),
    ...file.services
      .filter((service) => !sites.has(service.site))
      .map((service) => `service ${service.name}: site ${service.site} is not listed under sites`),
    ...file.services.flatMap((service) =>
      service.dependsOn
        .filter((name) => !file.services.some((other) => other.name === name))
        .map((name) => `service ${service.name}: dependsOn ${name} is not listed under services`),
    ),
    ...file.services.flatMap((service) =>
      service.owners
        .filter((owner) => !people.has(owner))
        .map((owner) => `service ${service.name}: owner ${owner} is not listed under people`),
    ),
    ...policyProblems(file),
    ...checkpointProblems(file),
    ...llmProblems(file.llm),
  ];
}

/** The file as text → validated. Problems are collected, never thrown one by one. */
export function parseConfigFile(text: string, where: string): { file: ConfigFile; problems: string[] } {
  const empty = ConfigFile.parse({});
  let raw: unknown;
  try {
    raw = parseYaml(text) ?? {};
  } catch (error) {
    return { file: empty, problems: [`${where}: not valid YAML: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`] };
  }
  const parsed = ConfigFile.safeParse(raw);
  if (!parsed.success) return { file: empty, problems: problemsOf(parsed.error, where) };
  return { file: parsed.data, problems: referenceProblems(parsed.data).map((problem) => `${where}: ${problem}`) };
}

/** The file says which variable holds it. */
function checkpointsToken(given: Reading['given'], { audit }: ConfigFile): Variables {
  const name = audit.checkpoints.http?.tokenVariable;
  return name === undefined ? {} : { AUDIT_CHECKPOINTS_TOKEN: given[name] };
}

/** Reads the environment and the configuration file. Throws nothing: problems are listed. */
export function readSettings(environment: Variables = process.env): Reading {
  const given = Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const path = given['WATCHKEEPER_CONFIG'] ?? 'watchkeeper.yaml';
  const present = existsSync(path);
  const read = present ? parseConfigFile(readFileSync(path, 'utf8'), path) : { file: ConfigFile.parse({}), problems: [] };
  const env = Environment.safeParse({ ...given, ...checkpointsToken(given, read.file) });
  const problems = [...(env.success ? [] : problemsOf(env.error, 'environment')), ...mirrorProblems(given)];
  if (!present && given['WATCHKEEPER_CONFIG'] !== undefined) problems.push(`WATCHKEEPER_CONFIG: no file at ${path}`);
  problems.push(...read.problems, ...oidcProblems(given, read.file.oidc));
  return { given, env: env.success ? env.data : null, file: read.file, problems };
}

/** Settings of the whole system in one process. Throws ConfigInvalid with one readable list of everything that is wrong. */
export function loadSettings(environment: Variables = process.env): Settings {
  const { given, env, file, problems } = readSettings(environment);
  const all = [...problems, ...pairProblems(given)];
  if (env === null || all.length > 0) throw new ConfigInvalid(all);
  return { env, file };
}
