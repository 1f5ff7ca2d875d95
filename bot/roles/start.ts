import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import { createLinks } from '../../blocks/links.ts';
import type { GrantKey } from '../../tools/grant-keys.ts';
import { holdCredentials } from '../../tools/held/hold.ts';
import type { Registry } from '../../tools/registry.ts';
import type { Site } from '../../tools/site.ts';
import { clearWorkplaces } from '../../tools/workplace.ts';
import { startAuditLog } from '../audit/log.ts';
import type { Core } from '../core.ts';
import { countedIncidents } from '../instrument.ts';
import type { SigningKey } from '../keys.ts';
import { createModel } from '../llm/create.ts';
import { openLibrary } from '../playbooks/open.ts';
import { workflowBundle } from '../temporal/bundle.ts';
import { connectClient, connectWorker } from '../temporal/connect.ts';
import { quietTemporal } from '../temporal/runtime.ts';
import { type RunningBot, type StartBot, startBot } from './bot.ts';
import { workerDeps } from './deps.ts';
import type { Engine, Foundation } from './foundation.ts';
import { type LinearPlace, type PagerDutyPlace, startMirror } from './mirror.ts';
import { ownCalls, type PagerDutyReader } from './own-calls.ts';
import { startRunner } from './runner.ts';
import { siteRunner } from './site-runner.ts';
import type { SlackSide } from './slack.ts';
import { type RunningRole, startWorker } from './worker.ts';

/** The connection that workers and runners of a process share. Throws TemporalUnavailable. */
export async function openWorkerConnection({ log, stops }: Foundation, { target }: Engine): Promise<NativeConnection> {
  // Not for the bot, which has a client only: the native runtime ends with the last connection, and without any it would never end.
  quietTemporal(log);
  const connection = await connectWorker(target);
  stops.add('temporal connection', () => connection.close());
  return connection;
}

/** Throws TemporalUnavailable and PortInUse. Slack's events come from `listen` on. */
export async function runBot(
  { telemetry, stops }: Foundation,
  { target, converter }: Engine,
  core: Core,
  side: SlackSide,
  place: Omit<StartBot, 'core' | 'side' | 'client' | 'metrics'>,
): Promise<RunningBot> {
  const client = await connectClient(target, converter, telemetry.temporalPlugins);
  stops.add('temporal client', () => client.connection.close());
  const bot = await startBot({ ...place, core, side, client, metrics: telemetry.metrics });
  stops.add('bot', () => bot.stop());
  return bot;
}

function workerOptions({ telemetry }: Foundation, { target, converter }: Engine, connection: NativeConnection) {
  return { connection, namespace: target.namespace, dataConverter: converter, plugins: telemetry.temporalPlugins };
}

export interface WorkerKeys {
  readonly grant: SigningKey;
  /** PAYLOAD_KEY. */
  readonly payload: Uint8Array;
}

/** Builds the workflow bundle where that has not been done for this version. */
export async function runWorker(
  foundation: Foundation,
  engine: Engine,
  connection: NativeConnection,
  core: Core,
  side: SlackSide,
  keys: WorkerKeys,
  pagerduty: PagerDutyReader | null,
): Promise<RunningRole> {
  const { env, redactor, telemetry, log, stops } = foundation;
  const bundle = await workflowBundle(join(env.WATCHKEEPER_DATA, 'cache'), telemetry.temporalPlugins, log);
  const playbooks = await openLibrary(core);
  stops.add('playbooks', () => playbooks.stop());
  const model = createModel({ core, env, key: keys.payload, metrics: telemetry.metrics, redactor });
  const worker = await startWorker({
    ...workerOptions(foundation, engine, connection),
    bundle,
    deps: {
      ...workerDeps(core, side, keys.grant, model, telemetry.metrics, playbooks.current, ownCalls(core, pagerduty)),
      incidents: countedIncidents(core.store.incidents, telemetry.metrics),
      addresses: createLinks(env.PUBLIC_URL ?? null),
    },
  });
  stops.add('worker', () => worker.stop());
  return worker;
}

export interface SiteAccess {
  readonly site: Site;
  readonly registry: Registry;
  readonly grantKeys: ReadonlyMap<string, GrantKey>;
  readonly api: { readonly url: string; readonly token: string };
}

export async function runSite(
  foundation: Foundation,
  engine: Engine,
  connection: NativeConnection,
  access: SiteAccess,
): Promise<RunningRole> {
  const { env, siteVariables, redactor, telemetry, log, stops } = foundation;
  const cleared = await clearWorkplaces();
  if (cleared > 0) log.info({ cleared }, 'what killed runners left behind was removed');
  const held = holdCredentials({ site: access.site, variables: siteVariables, redactor, now: () => new Date() });
  stops.add(`credentials of ${access.site.name}`, () => held.stop());
  const reporting = new AbortController();
  const runner = await siteRunner(
    { ...access, site: held.site, place: held.place, searchPath: env.PATH, redactor, metrics: telemetry.metrics, log },
    reporting.signal,
  );
  const role = await startRunner({ ...workerOptions(foundation, engine, connection), site: access.site.name, runner });
  stops.add(`runner ${access.site.name}`, async () => {
    reporting.abort();
    await role.stop();
  });
  return role;
}

export function runMirror(
  { env, telemetry, stops }: Foundation,
  core: Core,
  linear: LinearPlace | null,
  pagerduty: PagerDutyPlace | null,
  slackUrl: string | null = null,
): RunningRole {
  const mirror = startMirror({ core, linear, pagerduty, publicUrl: env.PUBLIC_URL ?? null, slackUrl, metrics: telemetry.metrics });
  stops.add('mirror', () => mirror.stop());
  return mirror;
}

/** Sequences, signs and exports the audit log. `directory`: the data directory. Throws CheckpointFileUnusable. */
export async function runAuditLog(
  { env, file, telemetry, log, stops }: Foundation,
  { pool, store }: Core,
  { key, directory }: { readonly key: KeyObject; readonly directory: string },
): Promise<RunningRole> {
  const { file: configured, http } = file.audit.checkpoints;
  const audit = await startAuditLog({
    pool,
    record: store.record,
    key,
    file: (origin) => configured ?? join(directory, 'audit', 'checkpoints', `${origin.replaceAll('/', '-')}.ndjson`),
    http: http === undefined ? null : { url: http.url, token: env.AUDIT_CHECKPOINTS_TOKEN ?? null },
    metrics: telemetry.metrics,
    log,
  });
  stops.add('audit log', () => audit.stop());
  return audit;
}
