import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { createRedactor } from '../../tools/redaction/index.ts';
import type { Settings } from '../config.ts';
import { type Core, createCore, knownSecrets } from '../core.ts';
import { countedPolicy } from '../instrument.ts';
import { grantSigningKey, payloadKey, placeholderKey } from '../keys.ts';
import { createLogger } from '../log.ts';
import { startBot } from '../roles/bot.ts';
import { workerDeps } from '../roles/deps.ts';
import { startMirror } from '../roles/mirror.ts';
import { startRunner } from '../roles/runner.ts';
import { createSlackSide } from '../roles/slack.ts';
import { startWorker } from '../roles/worker.ts';
import { withSandbox } from '../sandbox/defaults.ts';
import { migrate } from '../store/migrate.ts';
import type { Sink } from '../store/outbox.ts';
import { startTelemetry } from '../telemetry/start.ts';
import { workflowBundle } from '../temporal/bundle.ts';
import { connectClient, connectWorker, dataConverter } from '../temporal/connect.ts';
import { quietTemporal } from '../temporal/runtime.ts';
import { type Parts, startParts } from './embedded.ts';
import { siteRunner } from './sites.ts';
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

type Stops = { name: string; stop: () => Promise<unknown> }[];

function sinksOf(parts: Parts): Sink[] {
  return [...(parts.linear === null ? [] : ['linear' as const]), ...(parts.pagerduty === null ? [] : ['pagerduty' as const])];
}

async function startRoles(
  options: UpOptions,
  base: Omit<RunningSystem, 'ended' | 'stop' | 'apiUrl' | 'adminToken' | 'core'>,
  redactor: ReturnType<typeof createRedactor>,
  log: pino.Logger,
  stops: Stops,
) {
  const { settings, directory, progress } = options;
  const { parts } = base;
  const searchPath = settings.env.PATH;
  const telemetry = startTelemetry({ serviceName: 'watchkeeper', role: 'all', redact: redactor });
  stops.push({ name: 'telemetry', stop: () => telemetry.shutdown() });
  const file = withSandbox(settings.file, parts.localSlack === null ? null : { team: parts.localSlack.team.id }, parts.estate);
  const applied = await migrate(parts.migrationUrl, log);
  if (applied.length > 0) progress(`Database schema is up to date (${applied.length} migrations applied)`);
  const plain = await createCore({ databaseUrl: parts.databaseUrl, file, redactor, sinks: sinksOf(parts), log });
  const core = { ...plain, policy: countedPolicy(plain.policy, telemetry.metrics) };
  stops.push({ name: 'store', stop: () => core.close() });
  const key = await grantSigningKey(settings.env.GRANT_SIGNING_KEY, directory);
  const converter = dataConverter([payloadKey(settings.env.PAYLOAD_KEY, directory)], parts.temporal.namespace);
  quietTemporal(log);
  const plugins = telemetry.temporalPlugins;
  const [client, connection, bundle] = await Promise.all([
    connectClient(parts.temporal, converter, plugins),
    connectWorker(parts.temporal),
    workflowBundle(join(settings.env.WATCHKEEPER_DATA, 'cache'), plugins, log),
  ]);
  stops.push(
    { name: 'temporal client', stop: () => client.connection.close() },
    { name: 'temporal connection', stop: () => connection.close() },
  );
  const side = createSlackSide(core, parts.slack);
  const { metrics } = telemetry;
  const bot = await startBot({ core, side, client, metrics, host: '127.0.0.1', port: options.port });
  const tokens = await makeTokens(core.store);
  const common = { connection, namespace: parts.temporal.namespace, dataConverter: converter, plugins };
  const worker = await startWorker({ ...common, bundle, deps: workerDeps(core, side.chat, key) });
  const grantKeys = new Map([[key.kid, key.publicKey]]);
  const runners = await Promise.all(
    file.sites.map(async (site) => {
      const api = { url: bot.url, token: tokens.runner };
      return startRunner({
        ...common,
        site: site.name,
        runner: await siteRunner({ site, searchPath, registry: core.registry, redactor, grantKeys, api, metrics, log }),
      });
    }),
  );
  const mirror = startMirror(core, parts.linear, parts.pagerduty, metrics);
  // The API goes last of these: a runner that finishes its work still posts what it saw.
  stops.push(
    { name: 'bot', stop: () => bot.stop() },
    { name: 'mirror', stop: () => mirror.stop() },
    { name: 'worker', stop: () => worker.stop() },
  );
  for (const runner of runners) stops.push({ name: 'runner', stop: () => runner.stop() });
  await bot.listen();
  return {
    core,
    apiUrl: bot.url,
    adminToken: tokens.admin,
    ended: Promise.all([worker.ended, mirror.ended, ...runners.map((runner) => runner.ended)]),
  };
}

/** Starts everything; when a part fails, stops what runs and throws the reason. */
export async function startUp(options: UpOptions): Promise<RunningSystem> {
  const { settings, directory } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const logFile = join(directory, 'watchkeeper.log');
  const redactor = createRedactor({ secrets: knownSecrets(settings.env, settings.file), placeholderKey: placeholderKey(directory) });
  const log = createLogger({
    level: settings.env.LOG_LEVEL,
    redact: redactor,
    destination: pino.destination({ dest: logFile, mkdir: true, sync: true }),
  });
  const parts = await startParts({
    settings,
    directory,
    scenario: options.scenario,
    searchPath: settings.env.PATH,
    progress: options.progress,
    log,
  });
  const stops: Stops = [{ name: 'parts', stop: () => parts.stop() }];
  const stop = async () => {
    for (const { name, stop: end } of stops.splice(0).toReversed())
      await end().catch((error: unknown) => log.warn({ err: error, part: name }, 'a part did not stop cleanly'));
  };
  try {
    const base = { parts, logFile };
    return { ...base, ...(await startRoles(options, base, redactor, log, stops)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
