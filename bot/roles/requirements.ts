import { existsSync } from 'node:fs';
import { referenceOf, sourcesOf } from '../../tools/held/sources.ts';
import type { Site } from '../../tools/site.ts';
import { ConfigInvalid, type Reading, readSettings, type Settings } from '../config.ts';
import type { Environment } from '../config-environment.ts';
import { isGrantVerifyKeys, isSigningKey } from '../keys.ts';

export const roles = ['bot', 'worker', 'runner', 'mirror'] as const;
export type RoleName = (typeof roles)[number];

type Variable = keyof Environment;

/** In production nothing is embedded, and no role gets a secret that it does not use: a runner has no database, only it has credentials. */
const needed: Readonly<Record<RoleName, readonly Variable[]>> = {
  bot: ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PAYLOAD_KEY'],
  worker: ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'PAYLOAD_KEY', 'GRANT_SIGNING_KEY'],
  runner: ['TEMPORAL_ADDRESS', 'PAYLOAD_KEY', 'WATCHKEEPER_URL', 'WATCHKEEPER_TOKEN', 'GRANT_VERIFY_KEYS'],
  mirror: ['DATABASE_URL', 'AUDIT_SIGNING_KEY'],
};

const advice: Partial<Record<Variable, string>> = {
  DATABASE_URL: "the address of Postgres, postgres://… of the application's role",
  TEMPORAL_ADDRESS: 'host:port of the Temporal server',
  PAYLOAD_KEY: '32 bytes in hexadecimal, the same for bot, worker and runner (openssl rand -hex 32)',
  GRANT_SIGNING_KEY: 'an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519)',
  AUDIT_SIGNING_KEY: 'an Ed25519 private key in PEM (openssl genpkey -algorithm ed25519)',
  WATCHKEEPER_URL: 'the address of the API, where observations are posted and grants claimed',
  WATCHKEEPER_TOKEN: 'a service token with the scopes observations:write and grants:claim (watchkeeper token create)',
  GRANT_VERIFY_KEYS: "the public half of the worker's GRANT_SIGNING_KEY in PEM (openssl pkey -pubout)",
};

function missing(role: RoleName, { given }: Reading): string[] {
  return needed[role]
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is not set: the role ${role} needs ${advice[name] ?? 'it'}`);
}

/** The bot listens to Slack and the worker posts there; a worker needs no token for listening. */
function slackProblems(role: RoleName, { given, file }: Reading): string[] {
  if (file.slack === 'off' || (role !== 'bot' && role !== 'worker')) return [];
  const problems: string[] = [];
  if (given['SLACK_BOT_TOKEN'] === undefined)
    problems.push(`SLACK_BOT_TOKEN is not set: the role ${role} needs the bot token of the Slack app; or turn Slack off (slack: off)`);
  if (role === 'bot' && given['SLACK_APP_TOKEN'] === undefined && given['SLACK_SIGNING_SECRET'] === undefined)
    problems.push('SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP) is not set: Slack could not reach the bot');
  return problems;
}

function keyProblems(role: RoleName, { given }: Reading): string[] {
  const { GRANT_SIGNING_KEY: signing, GRANT_VERIFY_KEYS: verify, AUDIT_SIGNING_KEY: audit } = given;
  const problems: string[] = [];
  if (role === 'worker' && signing !== undefined && !isSigningKey(signing))
    problems.push(`GRANT_SIGNING_KEY: must be ${advice.GRANT_SIGNING_KEY}`);
  if (role === 'mirror' && audit !== undefined && !isSigningKey(audit))
    problems.push(`AUDIT_SIGNING_KEY: must be ${advice.AUDIT_SIGNING_KEY}`);
  if (role === 'runner' && verify !== undefined && !isGrantVerifyKeys(verify))
    problems.push(`GRANT_VERIFY_KEYS: must be ${advice.GRANT_VERIFY_KEYS}`);
  return problems;
}

function credentialProblems(site: Site, { given }: Reading): string[] {
  return sourcesOf(site).flatMap(({ where, source }) => {
    const place = `site ${site.name}: ${where}`;
    const reference = referenceOf(source);
    if (reference !== null && 'env' in reference)
      return given[reference.env] === undefined ? [`${place}: ${reference.env} is not set`] : [];
    // Of other files each call says it: one that is written later is found then.
    const needed = where.startsWith('kubernetes.') && typeof source === 'string';
    return needed && !existsSync(source) ? [`${place}: no file at ${source}`] : [];
  });
}

/** The site that a runner serves: the one that is named, else the only one. Words, when there is none such. */
function siteOf({ file }: Reading, name: string | undefined): Site | string {
  const names = file.sites.map((site) => site.name).join(', ') || 'none';
  if (name !== undefined) return file.sites.find((site) => site.name === name) ?? `--site ${name}: no such site is configured (${names})`;
  const [only, ...others] = file.sites;
  if (only === undefined) return 'no site is configured: list the one that the runner serves under sites';
  return others.length === 0 ? only : `several sites are configured (${names}): name the one that the runner serves with --site`;
}

function siteProblems(role: RoleName, reading: Reading, name: string | undefined): string[] {
  if (role !== 'runner') return name === undefined ? [] : [`--site is for the role runner, not for ${role}`];
  const site = siteOf(reading, name);
  return typeof site === 'string' ? [site] : credentialProblems(site, reading);
}

/** A label is counted by what the API says of it, never by what the webhook says. */
function labelProblems(role: RoleName, { given }: Reading): string[] {
  if (role !== 'bot' || given['LINEAR_WEBHOOK_SECRET'] === undefined || given['LINEAR_API_KEY'] !== undefined) return [];
  return ['LINEAR_WEBHOOK_SECRET is set: set LINEAR_API_KEY too, with which the bot reads who set a label'];
}

/** A page's status is what the API says of it, and notes of our own are known by the user of the key. */
function pageProblems(role: RoleName, { given }: Reading): string[] {
  if (role !== 'bot' || given['PAGERDUTY_WEBHOOK_SECRET'] === undefined || given['PAGERDUTY_API_TOKEN'] !== undefined) return [];
  return ['PAGERDUTY_WEBHOOK_SECRET is set: set PAGERDUTY_API_TOKEN too, with which the bot reads the incidents of its webhooks'];
}

export interface RoleSettings extends Settings {
  /** Of the role runner; null for the others. */
  readonly site: Site | null;
}

/**
 * Settings of one role in production. Throws ConfigInvalid with everything that is wrong or missing, before anything is started.
 * `site` is what `--site` says; `environment` is the process's unless given.
 */
export function loadRoleSettings(
  role: RoleName,
  site: string | undefined,
  environment?: Readonly<Record<string, string | undefined>>,
): RoleSettings {
  const reading = readSettings(environment);
  const { env, file } = reading;
  const problems = [
    ...reading.problems,
    ...missing(role, reading),
    ...slackProblems(role, reading),
    ...keyProblems(role, reading),
    ...siteProblems(role, reading, site),
    ...labelProblems(role, reading),
    ...pageProblems(role, reading),
  ];
  if (env === null || problems.length > 0) throw new ConfigInvalid(problems);
  const served = role === 'runner' ? siteOf(reading, site) : null;
  return { env, file, siteVariables: reading.siteVariables, site: typeof served === 'string' ? null : served };
}
