import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { secretsIn } from '../pagerduty/webhook-secrets.ts';
import type { SignInPlace } from '../roles/identity.ts';
import type { LinearInbound } from '../roles/linear-labels.ts';
import type { PagerDutyPlace } from '../roles/mirror.ts';
import { linearInbound, pagerDutyPlace, signInPlace, slackPlace } from '../roles/places.ts';
import type { SlackTokens } from '../roles/slack.ts';
import {
  sandboxAccounts,
  sandboxChannels,
  sandboxLinearUsers,
  sandboxPagerDutyServices,
  sandboxPagerDutyUsers,
  sandboxSlackPeople,
} from '../sandbox/defaults.ts';
import { type Estate, startEstate } from '../sandbox/estate/estate.ts';
import { scenarioNamed } from '../sandbox/estate/scenarios/index.ts';
import { startLinear } from '../sandbox/linear/server.ts';
import { type LocalLlm, startLlm } from '../sandbox/llm/server.ts';
import { localModels } from '../sandbox/llm/settings.ts';
import type { PagerDutyHands } from '../sandbox/pagerduty/hands.ts';
import { startPagerDuty } from '../sandbox/pagerduty/server.ts';
import type { WebhookFaults } from '../sandbox/pagerduty/webhooks.ts';
import { holdDirectory } from '../sandbox/postgres/lock.ts';
import { startPostgres } from '../sandbox/postgres.ts';
import { type LocalSlack, startLocalSlack } from '../sandbox/slack/server.ts';
import { startTemporal } from '../sandbox/temporal.ts';
import { type TemporalTarget, temporalTarget } from '../temporal/connect.ts';

/** A stand-in has a page on which a person sees what arrived. */
interface WithPage {
  readonly page: string | null;
}

interface WithWebhooks {
  /** A real peer is told its receiver by an administrator: this does nothing then. */
  sendWebhooksTo(url: string): void;
}

interface WithCallback {
  /** Where people come back to from the sign-in. A real provider is told it by an administrator: this does nothing then. */
  comeBackTo(url: string): void;
}

interface PagerDutyParts {
  readonly webhookSecrets: readonly string[];
  /** What monitoring and people do in the local one; null for a real one. */
  readonly hands: PagerDutyHands | null;
  /** Of the local one, for tests. */
  readonly webhookFaults: WebhookFaults | null;
}

/** Every outside part, each embedded unless its environment variable names a real one. */
export interface Parts {
  readonly databaseUrl: string;
  readonly migrationUrl: string;
  readonly temporal: TemporalTarget;
  readonly slack: SlackTokens | null;
  /** Null with real Slack tokens, or with Slack off. */
  readonly localSlack: LocalSlack | null;
  readonly linear: (LinearInbound & WithPage & WithWebhooks) | null;
  readonly pagerduty: (PagerDutyPlace & WithPage & WithWebhooks & PagerDutyParts) | null;
  /** Null: people do not sign in. */
  readonly signIn: (SignInPlace & WithPage & WithCallback) | null;
  /** Null when the configuration lists sites. */
  readonly estate: Estate | null;
  /** Null unless the scenario has a scripted language model, and the configuration no other. */
  readonly llm: LocalLlm | null;
  /** In reverse order of their start. */
  stop(): Promise<void>;
}

export interface StartParts {
  readonly settings: Settings;
  readonly directory: string;
  readonly scenario: string;
  readonly searchPath: string;
  readonly progress: (line: string) => void;
  readonly log: Logger;
}

type Stops = (() => Promise<void>)[];

async function database({ settings: { env }, directory, progress, log }: StartParts, stops: Stops) {
  if (env.DATABASE_URL !== undefined)
    return { databaseUrl: env.DATABASE_URL, migrationUrl: env.DATABASE_MIGRATION_URL ?? env.DATABASE_URL };
  const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, log });
  stops.push(() => postgres.close());
  progress('Postgres is ready (embedded)');
  return { databaseUrl: postgres.url, migrationUrl: postgres.migrationUrl };
}

async function temporal({ settings: { env }, directory, searchPath, progress }: StartParts, stops: Stops): Promise<TemporalTarget> {
  const target = temporalTarget(env);
  if (target !== null) return target;
  const server = await startTemporal({
    dbFile: join(directory, 'temporal.db'),
    logFile: join(directory, 'temporal.log'),
    searchPath,
    port: 0,
    progress,
  });
  stops.push(() => server.close());
  progress('Temporal is ready (embedded)');
  return { address: server.address, namespace: 'default' };
}

async function slack(start: StartParts, stops: Stops): Promise<{ slack: SlackTokens | null; localSlack: LocalSlack | null }> {
  if (start.settings.file.slack === 'off') return { slack: null, localSlack: null };
  const real = slackPlace(start.settings.env);
  if (real !== null) return { slack: real, localSlack: null };
  const local = await startLocalSlack({
    host: '127.0.0.1',
    port: 0,
    dataFile: join(start.directory, 'slack.sqlite'),
    people: sandboxSlackPeople,
    channels: sandboxChannels,
    log: start.log,
  });
  stops.push(() => local.close());
  return { slack: { bot: local.botToken, app: local.appToken, signingSecret: undefined, apiUrl: local.apiUrl }, localSlack: local };
}

async function linear({ settings: { env }, directory, log }: StartParts, stops: Stops): Promise<Parts['linear']> {
  const real = linearInbound(env);
  if (real !== null) return { ...real, page: null, sendWebhooksTo: () => {} };
  const dataFile = join(directory, 'linear.sqlite');
  const server = await startLinear({ host: '127.0.0.1', port: 0, dataFile, users: sandboxLinearUsers, log });
  stops.push(() => server.close());
  const { apiUrl, apiKey, teamKey, webhookSecret, webhooks } = server;
  return { apiUrl, apiKey, teamKey, webhookSecret, page: new URL('/', apiUrl).href, sendWebhooksTo: webhooks.to };
}

async function pagerduty({ settings: { env }, directory, log }: StartParts, stops: Stops): Promise<Parts['pagerduty']> {
  const real = pagerDutyPlace(env);
  const configured = secretsIn(env.PAGERDUTY_WEBHOOK_SECRET);
  if (real !== null) return { ...real, page: null, webhookSecrets: configured, hands: null, webhookFaults: null, sendWebhooksTo: () => {} };
  const dataFile = join(directory, 'pagerduty.sqlite');
  const [users, services] = [sandboxPagerDutyUsers, sandboxPagerDutyServices];
  const server = await startPagerDuty({ host: '127.0.0.1', port: 0, dataFile, users, services, log });
  stops.push(() => server.close());
  return {
    apiUrl: server.apiUrl,
    eventsUrl: server.eventsUrl,
    token: server.token,
    fromEmail: server.fromEmail,
    routingKey: server.routingKey,
    webhookSecrets: [server.webhookSecret, ...configured],
    hands: server.hands,
    webhookFaults: server.webhookFaults,
    sendWebhooksTo: server.deliverTo,
    page: new URL('/', server.apiUrl).href,
  };
}

async function estate({ settings: { file }, directory, scenario, log }: StartParts, stops: Stops): Promise<Estate | null> {
  if (file.sites.length > 0) return null;
  const started = await startEstate({ dir: join(directory, 'estate'), scenario, log });
  stops.push(() => started.close());
  return started;
}

/** A stand-in's people are the sandbox's: where the file lists others, or Slack is a real one, there is none. */
async function signIn({ settings: { env, file }, directory, log }: StartParts, stops: Stops): Promise<Parts['signIn']> {
  const real = signInPlace(env, file);
  if (real !== null) return { ...real, page: null, comeBackTo: () => {} };
  if (file.slack === 'off' || slackPlace(env) !== null || file.people.length > 0) return null;
  const { startOidc } = await import('../sandbox/oidc/server.ts');
  const dataFile = join(directory, 'oidc.sqlite');
  const { audience } = file.oidc;
  const server = await startOidc({ host: '127.0.0.1', port: 0, dataFile, audience, accounts: sandboxAccounts, log });
  stops.push(() => server.close());
  const { issuer, clientId, clientSecret, cliClientId, redirectTo } = server;
  return { issuer, clientId, clientSecret, cliClientId, page: new URL('/', issuer).href, comeBackTo: redirectTo };
}

async function llm({ settings: { file }, scenario }: StartParts, stops: Stops): Promise<LocalLlm | null> {
  const { model } = scenarioNamed(scenario);
  if (model === undefined || file.llm.providers.length > 0 || file.sites.length > 0) return null;
  const apiKey = `sk-local-${randomBytes(16).toString('hex')}`;
  const server = await startLlm({ script: model, apiKey, models: localModels });
  stops.push(() => server.close());
  return server;
}

/** Starts what is not configured, side by side. When one part fails, the others are stopped and the first reason is thrown. */
export async function startParts(start: StartParts): Promise<Parts> {
  mkdirSync(start.directory, { recursive: true, mode: 0o700 });
  // Before anything starts: a second run would end the first one's servers as leftovers.
  const release = holdDirectory(join(start.directory, 'holder.json'), start.directory);
  const stops: Stops = [async () => release()];
  const stop = async () => {
    for (const end of stops.splice(0).toReversed())
      await end().catch((error: unknown) => start.log.warn({ err: error }, 'a part did not stop cleanly'));
  };
  const starts = await Promise.allSettled([
    database(start, stops),
    temporal(start, stops),
    slack(start, stops),
    linear(start, stops),
    pagerduty(start, stops),
    estate(start, stops),
    signIn(start, stops),
    llm(start, stops),
  ] as const);
  const failed = starts.find((result) => result.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  const [databaseUrls, temporalPlace, slackPlace, linearPlace, pagerdutyPlace, simulated, signInAt] = [
    value(starts[0]),
    value(starts[1]),
    value(starts[2]),
    value(starts[3]),
    value(starts[4]),
    value(starts[5]),
    value(starts[6]),
  ];
  return {
    ...databaseUrls,
    temporal: temporalPlace,
    ...slackPlace,
    linear: linearPlace,
    pagerduty: pagerdutyPlace,
    signIn: signInAt,
    llm: value(starts[7]),
    estate: simulated,
    stop,
  };
}

function value<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
