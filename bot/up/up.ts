import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import type { GrowingRedactor } from '../../tools/ports.ts';
import { createGrowingRedactor } from '../../tools/redaction/index.ts';
import { ConfigInvalid, type Settings } from '../config.ts';
import { type Core, knownSecrets } from '../core.ts';
import { passwordsIn, readCredentials } from '../credentials.ts';
import { auditSigningKey, grantSigningKey, payloadKey, placeholderKey } from '../keys.ts';
import { createLogger } from '../log.ts';
import type { Peer } from '../mirrors/routes.ts';
import { createFoundation, type Foundation, openCore, openEngine } from '../roles/foundation.ts';
import { createSlackSide } from '../roles/slack.ts';
import { openWorkerConnection, runAuditLog, runBot, runMirror, runSite, runWorker } from '../roles/start.ts';
import { withSandbox } from '../sandbox/defaults.ts';
import { sandboxLlm, withLocalLlm } from '../sandbox/llm/settings.ts';
import { createStops } from '../stops.ts';
import { migrate } from '../store/migrate.ts';
import { type Parts, startParts } from './embedded.ts';
import { makeTokens } from './tokens.ts';

export interface UpOptions {
  readonly settings: Settings;
  /** WATCHKEEPER_DATA, or a directory of its own for one run. */
  readonly directory: string;
  readonly scenario: string;
  readonly port: number;
  /** One line for people at a time. */
  readonly progress: (line: string) => void;
}

/** The whole system in this process. */
export interface RunningSystem {
  readonly parts: Parts;
  readonly core: Core;
  readonly apiUrl: string;
  /** Every scope; never votes; ends with the day. */
  readonly adminToken: string;
  readonly logFile: string;
  /** Rejects when a role dies by itself. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

function sinksOf(parts: Parts): Peer[] {
  return [...(parts.linear === null ? [] : ['linear' as const]), ...(parts.pagerduty === null ? [] : ['pagerduty' as const])];
}

/** Credentials of the embedded parts, made here or by them. */
function partSecrets({ databaseUrl, migrationUrl, slack, linear, pagerduty, signIn, llm }: Parts): readonly string[] {
  const found = [
    slack?.bot,
    slack?.app,
    slack?.signingSecret,
    linear?.apiKey,
    linear?.webhookSecret,
    pagerduty?.token,
    pagerduty?.routingKey,
    signIn?.clientSecret,
    llm?.apiKey,
    ...(pagerduty?.webhookSecrets ?? []),
  ];
  const texts = found.filter((secret) => typeof secret === 'string');
  return [databaseUrl, migrationUrl, ...passwordsIn(databaseUrl), ...passwordsIn(migrationUrl), ...texts];
}

type Started = Pick<RunningSystem, 'core' | 'apiUrl' | 'adminToken' | 'ended'>;

async function startRoles(
  foundation: Foundation,
  parts: Parts,
  { directory, port, progress }: UpOptions,
  redactor: GrowingRedactor,
): Promise<Started> {
  const { env, file, log } = foundation;
  const applied = await migrate(parts.migrationUrl, log);
  if (applied.length > 0) progress(`Database schema is up to date (${applied.length} migrations applied)`);
  const core = await openCore(foundation, parts.databaseUrl, sinksOf(parts), parts.signIn?.issuer ?? null);
  const key = await grantSigningKey(env.GRANT_SIGNING_KEY, directory);
  const payload = payloadKey(env.PAYLOAD_KEY, directory);
  const engine = openEngine(parts.temporal, payload);
  // Where the pages will be: at a port that is known before, messages lead there.
  const pages = env.PUBLIC_URL ?? (port === 0 ? null : `http://127.0.0.1:${port}`);
  const side = createSlackSide(core, parts.slack, pages, parts.linear);
  const connection = await openWorkerConnection(foundation, engine);
  // Started first, stopped last: a runner that finishes its work still posts what it saw.
  const { linear, signIn } = parts;
  const publicUrl = env.PUBLIC_URL ?? null;
  const pagerduty = { secrets: parts.pagerduty?.webhookSecrets ?? [], place: parts.pagerduty };
  const place = { host: '127.0.0.1', port, linear, pagerduty, signIn, publicUrl, key: payload };
  const bot = await runBot(foundation, engine, core, side, place);
  signIn?.comeBackTo(new URL('/auth/callback', publicUrl ?? bot.url).href);
  parts.linear?.sendWebhooksTo(new URL('/webhooks/linear', bot.url).href);
  parts.pagerduty?.sendWebhooksTo(new URL('/webhooks/pagerduty', bot.url).href);
  const tokens = await makeTokens(core.store);
  redactor.learn([tokens.runner, tokens.admin]);
  const common = {
    registry: core.registry,
    grantKeys: new Map([[key.kid, key.publicKey]]),
    api: { url: bot.url, token: tokens.runner },
  };
  const roles = await Promise.all([
    runWorker(foundation, engine, connection, core, side, { grant: key, payload }, parts.pagerduty),
    ...file.sites.map((site) => runSite(foundation, engine, connection, { ...common, site })),
  ]);
  const mirror = runMirror(foundation, core, parts.linear, parts.pagerduty, parts.localSlack === null ? null : `${parts.localSlack.url}/`);
  const audit = await runAuditLog(foundation, core, { key: auditSigningKey(env.AUDIT_SIGNING_KEY, directory), directory });
  await bot.listen();
  const ended = Promise.all([...roles, mirror, audit].map((role) => role.ended));
  return { core, apiUrl: bot.url, adminToken: tokens.admin, ended };
}

function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigInvalid([`WATCHKEEPER_DATA: there is no directory at ${directory}, and none can be made (${why})`]);
  }
}

/** Starts everything; when a part fails, stops what runs and throws the reason. */
export async function startUp(options: UpOptions): Promise<RunningSystem> {
  const { settings, directory, scenario, progress } = options;
  const { env, siteVariables } = settings;
  makeDataDirectory(directory);
  const logFile = join(directory, 'watchkeeper.log');
  const redactor = createGrowingRedactor(knownSecrets(env, settings.file), placeholderKey(directory));
  const log = createLogger({
    level: env.LOG_LEVEL,
    redact: redactor,
    destination: pino.destination({ dest: logFile, mkdir: true, sync: true }),
  });
  const parts = await startParts({ settings, directory, scenario, searchPath: env.PATH, progress, log });
  const stops = createStops(log);
  stops.add('parts', () => parts.stop());
  try {
    const sandbox = withSandbox(settings.file, parts.localSlack === null ? null : { team: parts.localSlack.team.id }, parts.estate);
    const file = parts.llm === null ? sandbox : { ...sandbox, llm: sandboxLlm() };
    redactor.learn([
      ...partSecrets(parts),
      ...readCredentials(env, file.sites),
      Buffer.from(payloadKey(env.PAYLOAD_KEY, directory)).toString('hex'),
    ]);
    const foundation = createFoundation(
      { env: parts.llm === null ? env : withLocalLlm(env, parts.llm), file, siteVariables, redactor, log, stops },
      'all',
    );
    return { parts, logFile, ...(await startRoles(foundation, parts, options, redactor)), stop: () => stops.stop() };
  } catch (error) {
    await stops.stop();
    throw error;
  }
}
