import type { Logger } from 'pino';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { Environment } from '../config-environment.ts';
import { knownSecrets } from '../core.ts';
import { auditSigningKey, grantSigningKey, grantVerifyKeys, payloadKey, placeholderKey, sharedPlaceholderKey } from '../keys.ts';
import { createLogger } from '../log.ts';
import type { Peer } from '../mirrors/routes.ts';
import { createStops } from '../stops.ts';
import { type TemporalTarget, temporalTarget } from '../temporal/connect.ts';
import { createFoundation, type Engine, type Foundation, openCore, openEngine } from './foundation.ts';
import { linearInbound, linearPlace, pagerDutyInbound, pagerDutyPlace, signInPlace, slackPlace } from './places.ts';
import type { RoleName, RoleSettings } from './requirements.ts';
import { createSlackSide } from './slack.ts';
import { openWorkerConnection, runAuditLog, runBot, runMirror, runSite, runWorker } from './start.ts';

/** One role, running. */
export interface Served {
  /** Of the API; null for the other roles. */
  readonly url: string | null;
  /** Rejects when the role dies by itself; never resolves for the bot. */
  readonly ended: Promise<void>;
  readonly log: Logger;
  stop(): Promise<void>;
}

type Started = Pick<Served, 'url' | 'ended'>;

/** Which mirrors get outbox rows. By what is no secret: bot and worker write rows, and only the mirror role holds the keys. */
function sinksOf(env: Environment): Peer[] {
  return [
    ...(env.LINEAR_TEAM_KEY === undefined ? [] : ['linear' as const]),
    ...(env.PAGERDUTY_FROM_EMAIL === undefined ? [] : ['pagerduty' as const]),
  ];
}

/** `loadRoleSettings` has made sure of it: this is for the compiler. */
function sure<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new TypeError(`${name} was not checked before the start`);
  return value;
}

function coreOf(foundation: Foundation) {
  const { env } = foundation;
  return openCore(foundation, sure(env.DATABASE_URL, 'DATABASE_URL'), sinksOf(env), env.OIDC_ISSUER ?? null);
}

function engineOf(foundation: Foundation): Engine {
  const { env } = foundation;
  const target: TemporalTarget = sure(temporalTarget(env), 'TEMPORAL_ADDRESS');
  return openEngine(target, payloadKey(sure(env.PAYLOAD_KEY, 'PAYLOAD_KEY'), env.WATCHKEEPER_DATA));
}

function slackOf(foundation: Foundation) {
  return foundation.file.slack === 'off' ? null : slackPlace(foundation.env);
}

async function serveBot(foundation: Foundation): Promise<Started> {
  const { env } = foundation;
  const core = await coreOf(foundation);
  const side = createSlackSide(core, slackOf(foundation), env.PUBLIC_URL ?? null, linearPlace(env));
  if (env.OIDC_ISSUER !== undefined && env.PUBLIC_URL === undefined)
    foundation.log.warn('PUBLIC_URL is not set: nobody gets a link to say whose Slack account theirs is');
  const bot = await runBot(foundation, engineOf(foundation), core, side, {
    host: '0.0.0.0',
    port: env.PORT,
    linear: linearInbound(env),
    pagerduty: pagerDutyInbound(env),
    signIn: signInPlace(env, foundation.file),
    publicUrl: env.PUBLIC_URL ?? null,
    key: payloadKey(env.PAYLOAD_KEY, env.WATCHKEEPER_DATA),
  });
  await bot.listen();
  return { url: bot.url, ended: new Promise(() => {}) };
}

async function serveWorker(foundation: Foundation): Promise<Started> {
  const { env } = foundation;
  const key = await grantSigningKey(sure(env.GRANT_SIGNING_KEY, 'GRANT_SIGNING_KEY'), env.WATCHKEEPER_DATA);
  const core = await coreOf(foundation);
  const engine = engineOf(foundation);
  const connection = await openWorkerConnection(foundation, engine);
  const side = createSlackSide(core, slackOf(foundation), env.PUBLIC_URL ?? null, linearPlace(env));
  const keys = {
    grant: key,
    payload: payloadKey(env.PAYLOAD_KEY, env.WATCHKEEPER_DATA),
  };
  const worker = await runWorker(foundation, engine, connection, core, side, keys, pagerDutyPlace(env));
  return { url: null, ended: worker.ended };
}

async function serveRunner(foundation: Foundation, site: RoleSettings['site']): Promise<Started> {
  const { env } = foundation;
  const engine = engineOf(foundation);
  const access = {
    site: sure(site, 'site'),
    registry: createRegistry(),
    grantKeys: await grantVerifyKeys(sure(env.GRANT_VERIFY_KEYS, 'GRANT_VERIFY_KEYS')),
    api: { url: sure(env.WATCHKEEPER_URL, 'WATCHKEEPER_URL'), token: sure(env.WATCHKEEPER_TOKEN, 'WATCHKEEPER_TOKEN') },
  };
  const runner = await runSite(foundation, engine, await openWorkerConnection(foundation, engine), access);
  return { url: null, ended: runner.ended };
}

async function serveMirror(foundation: Foundation): Promise<Started> {
  const { env } = foundation;
  const key = auditSigningKey(sure(env.AUDIT_SIGNING_KEY, 'AUDIT_SIGNING_KEY'), env.WATCHKEEPER_DATA);
  const core = await coreOf(foundation);
  const mirror = runMirror(foundation, core, linearPlace(env), pagerDutyPlace(env));
  const audit = await runAuditLog(foundation, core, { key, directory: env.WATCHKEEPER_DATA });
  return { url: null, ended: Promise.all([mirror.ended, audit.ended]).then(() => {}) };
}

function start(role: RoleName, foundation: Foundation, site: RoleSettings['site']): Promise<Started> {
  switch (role) {
    case 'bot':
      return serveBot(foundation);
    case 'worker':
      return serveWorker(foundation);
    case 'runner':
      return serveRunner(foundation, site);
    case 'mirror':
      return serveMirror(foundation);
  }
}

/** Runs one role of an installation whose other parts run elsewhere. Logs go to standard output. */
export async function serve(role: RoleName, { env, file, siteVariables, site }: RoleSettings): Promise<Served> {
  const placeholders = env.PAYLOAD_KEY === undefined ? placeholderKey(env.WATCHKEEPER_DATA) : sharedPlaceholderKey(env.PAYLOAD_KEY);
  const redactor = createGrowingRedactor(knownSecrets(env, file), placeholders);
  const log = createLogger({ level: env.LOG_LEVEL, redact: redactor }).child({ role });
  const stops = createStops(log);
  try {
    const started = await start(role, createFoundation({ env, file, siteVariables, redactor, log, stops }, role), site);
    log.info({ site: site?.name, url: started.url }, 'the role runs');
    return { ...started, log, stop: () => stops.stop() };
  } catch (error) {
    await stops.stop();
    throw error;
  }
}
