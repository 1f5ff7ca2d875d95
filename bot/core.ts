import type { Logger } from 'pino';
import type { DatabasePool } from 'slonik';
import type { Policy } from '../policy/decide.ts';
import { loadCommittedPolicy } from '../policy/load.ts';
import type { Redactor } from '../tools/ports.ts';
import { createRegistry, type Registry } from '../tools/registry.ts';
import { systemsOf } from '../tools/systems.ts';
import type { Autonomy } from '../workflows/activities/deps.ts';
import type { Estate, Pages } from '../workflows/ports.ts';
import { createBreakGlass } from './approvals/break-glass.ts';
import { createReview } from './approvals/break-glass-review.ts';
import { createVotes } from './approvals/votes.ts';
import type { Environment } from './config-environment.ts';
import type { ConfigFile } from './config-file.ts';
import { readCredentials } from './credentials.ts';
import { groupsOf } from './groups.ts';
import { createLinkedAccounts } from './identity/linked-accounts.ts';
import { countedPolicy, policyEvents } from './instrument.ts';
import { createIncidents } from './intake/incidents.ts';
import type { Peer } from './mirrors/routes.ts';
import { secretsIn } from './pagerduty/webhook-secrets.ts';
import { createPages } from './pages.ts';
import { createDirectory, type Directory } from './people.ts';
import { createLivePolicy, type LivePolicy } from './policy/live.ts';
import { sourceAt } from './policy/place.ts';
import type { BreakGlassPort, Incidents, VoteChoices, Votes } from './ports.ts';
import { createPool } from './store/pool.ts';
import { createReadLane, readLimits } from './store/read-lane.ts';
import { createStore, type Store } from './store/store.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What every role that touches the system of record is built on. */
export interface Core {
  readonly file: ConfigFile;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly pool: DatabasePool;
  readonly store: Store;
  readonly policy: Policy;
  /** The same, not counted, with its state. */
  readonly livePolicy: LivePolicy;
  readonly registry: Registry;
  readonly directory: Directory;
  readonly estate: Estate;
  readonly autonomy: Autonomy;
  readonly votes: Votes & VoteChoices;
  readonly breakGlass: BreakGlassPort;
  readonly incidents: Incidents;
  readonly pages: Pages;
  close(): Promise<void>;
}

export interface CoreOptions {
  readonly databaseUrl: string;
  readonly env: Pick<Environment, 'POLICY_BUNDLE_TOKEN' | 'WATCHKEEPER_DATA'>;
  readonly file: ConfigFile;
  readonly redactor: Redactor;
  readonly sinks: readonly Peer[];
  readonly metrics: Metrics;
  /** Whose word on people counts; null: nobody's. */
  readonly issuer: string | null;
  readonly log: Logger;
}

/** Where nothing else is named, changes of it may have been the cause. */
function onlyRepository({ github }: ConfigFile['sites'][number]): { repository?: string } {
  const [repository, ...others] = github?.repositories ?? [];
  return repository === undefined || others.length > 0 || repository.endsWith('/*') ? {} : { repository };
}

export function estateOf(file: ConfigFile): Estate {
  return {
    sites: file.sites.map((site) => ({
      name: site.name,
      environment: site.environment,
      systems: systemsOf(site).map(({ name }) => name),
      ...onlyRepository(site),
    })),
    services: file.services.map((service) => ({
      name: service.name,
      site: service.site,
      namespace: service.namespace,
      owners: service.owners,
      errorRateQuery: service.errorRateQuery ?? null,
      errorRateLimit: service.errorRateLimit,
      verifyWithinSeconds: service.verifyWithinSeconds,
      channel: service.channel ?? null,
      ...(service.traces === undefined ? {} : { traces: service.traces }),
      ...(service.grafana === undefined ? {} : { panels: service.grafana }),
      ...(service.gitops === undefined ? {} : { gitops: service.gitops }),
      ...(service.pagerduty === undefined ? {} : { pagerduty: service.pagerduty }),
    })),
    people: file.people.map(({ id, name, roles }) => ({ id, name, roles, groups: groupsOf(file, id) })),
  };
}

function autonomyOf(file: ConfigFile): Autonomy {
  const { timezone, freezes, windows } = file.calendar;
  const { breakGlass, ...autonomy } = file.autonomy;
  return {
    ...autonomy,
    breakGlass: breakGlass === 'off' ? null : breakGlass,
    freezes,
    windows: windows.map((window) => ({ ...window, timezone: window.timezone ?? timezone })),
    timezone,
  };
}

const secretVariables = [
  'DATABASE_URL',
  'DATABASE_MIGRATION_URL',
  'TEMPORAL_API_KEY',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'PAGERDUTY_API_TOKEN',
  'PAGERDUTY_ROUTING_KEY',
  'PAGERDUTY_WEBHOOK_SECRET',
  'LINEAR_API_KEY',
  'LINEAR_WEBHOOK_SECRET',
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'POLICY_BUNDLE_TOKEN',
  'OIDC_CLIENT_SECRET',
  'AUDIT_CHECKPOINTS_TOKEN',
  'AUDIT_SIGNING_KEY',
  'GRANT_SIGNING_KEY',
  'PAYLOAD_KEY',
  'WATCHKEEPER_TOKEN',
] as const satisfies readonly (keyof Environment)[];

/** Exact values that must never leave the process, whatever they look like. */
export function knownSecrets(env: Environment, file: ConfigFile): readonly string[] {
  const fromEnvironment = secretVariables.flatMap((name) => {
    const value = env[name];
    return typeof value === 'string' ? [value] : [];
  });
  // It may hold two, each of which is one.
  const webhookSecrets = secretsIn(env.PAGERDUTY_WEBHOOK_SECRET);
  return [...fromEnvironment, ...webhookSecrets, ...readCredentials(env, file.sites), ...file.redaction.extraSecrets];
}

async function openPolicy({ env, file, metrics, log }: CoreOptions): Promise<LivePolicy> {
  const place = { ...file.policy, token: env.POLICY_BUNDLE_TOKEN, dataDirectory: env.WATCHKEEPER_DATA };
  const events = policyEvents(metrics);
  return createLivePolicy({ source: sourceAt(place, log), committed: await loadCommittedPolicy(), log, events });
}

/** One for what decides and is decided, one for lists and exports. */
async function openPools(url: string, log: Logger): Promise<readonly [DatabasePool, DatabasePool]> {
  const pool = await createPool(url, log);
  try {
    return [pool, await createPool(url, log, readLimits.atOnce, readLimits.statementMs)];
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** Connects to Postgres and loads the policy. Throws StoreUnavailable, and BundleRefused: a program without policy does not start. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { databaseUrl, file, redactor, sinks, issuer, metrics, log } = options;
  const livePolicy = await openPolicy(options);
  const policy = countedPolicy(livePolicy, metrics);
  const [pool, readPool] = await openPools(databaseUrl, log).catch(async (error: unknown) => {
    await livePolicy.stop();
    throw error;
  });
  const now = () => new Date();
  const store = createStore({ pool, reads: createReadLane(readPool), redact: redactor, now, log, sinks, memoryDays: file.memory.days });
  const linked = createLinkedAccounts({ pool, issuer, oidc: file.oidc, identity: file.identity, now });
  const directory = createDirectory(file.people, { linked, groupsOf: (id) => groupsOf(file, id) });
  const autonomy = autonomyOf(file);
  const approvals = { pool, store, policy, directory, settings: autonomy.breakGlass };
  return {
    file,
    log,
    redactor,
    pool,
    store,
    policy,
    livePolicy,
    registry: createRegistry(),
    directory,
    estate: estateOf(file),
    autonomy,
    votes: createVotes(approvals),
    breakGlass: { ...createBreakGlass(approvals), ...createReview(approvals) },
    incidents: createIncidents(pool, store),
    pages: createPages(pool, store.record),
    async close() {
      await livePolicy.stop();
      await Promise.all([pool.end(), readPool.end()]);
    },
  };
}
