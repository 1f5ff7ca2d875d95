import type { RequestListener } from 'node:http';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createApi } from '../api/app.ts';
import { listenAt } from '../api/conduct/listen.ts';
import { createRates, type Rates } from '../api/conduct/rate.ts';
import type { Api, Readiness } from '../api/context.ts';
import { createAuthenticator } from '../api/principal.ts';
import type { LinearLabels } from '../approvals/linear-labels.ts';
import { startReconciliation } from '../approvals/linear-reconciliation.ts';
import { createReads } from '../calls/reads.ts';
import { carryByTemporal } from '../calls/temporal.ts';
import type { Core } from '../core.ts';
import { handleEvent } from '../intake/handle.ts';
import { type RunningIntake, startIntake } from '../intake/intake.ts';
import { createWorkflows } from '../intake/workflows.ts';
import type { InboxEvent, Intake } from '../ports.ts';
import { createSiteHealth } from '../site-health.ts';
import { deliveriesInDoubt } from '../store/audit-deliveries.ts';
import { createLlmPrompts } from '../store/llm-prompts.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { startOutboxGauges } from '../telemetry/outbox-gauges.ts';
import { withTraceparent } from '../telemetry/trace.ts';
import { pageNotFound, registerPages } from '../web/index.ts';
import { createTickets, type Tickets } from '../web/tickets.ts';
import { registerWebhooks } from '../webhooks/index.ts';
import { alertIntakeOn, type PagerDutyInbound } from './alerts.ts';
import { createIdentitySide, type IdentitySide, noIdentitySide, type SignInPlace } from './identity.ts';
import { type LinearInbound, linearLabelsOn } from './linear-labels.ts';
import { linearSessionsOn } from './linear-sessions.ts';
import type { SlackSide } from './slack.ts';

export class PortInUse extends Error {
  readonly code = 'port_in_use';
  constructor(port: number, options?: ErrorOptions) {
    super(`port ${port} is in use by another program: stop it, or set PORT to another number`, options);
    this.name = 'PortInUse';
  }
}

export interface StartBot {
  readonly core: Core;
  readonly side: SlackSide;
  readonly client: Client;
  readonly metrics: Metrics;
  /** Null: nobody votes by Linear label. */
  readonly linear: LinearInbound | null;
  /** Null: people do not sign in. */
  readonly signIn: SignInPlace | null;
  /** Where people reach this process's pages; null: at its own address, as far as that is this machine's. */
  readonly publicUrl: string | null;
  /** PAYLOAD_KEY: keys of cookies are made from it. */
  readonly key: Uint8Array;
  readonly pagerduty: PagerDutyInbound;
  readonly host: string;
  readonly port: number;
}

export interface RunningBot {
  /** Base URL of the API. */
  readonly url: string;
  /** Starts taking events from Slack; call it when the other roles are up. Throws SlackStartFailed. */
  listen(): Promise<void>;
  stop(): Promise<void>;
}

/** One span around the storing of an event: its trace goes on in whatever comes of it. */
function traced(intake: Intake, metrics: Metrics): Intake {
  return {
    receive: (event) =>
      withTraceparent(null, `receive ${event.kind}`, async () => {
        const fresh = await intake.receive(event);
        metrics.inboxEvents.inc({ kind: event.kind, result: fresh ? 'new' : 'seen' });
        return fresh;
      }),
  };
}

/** Anybody may ask, so the answer is one word; the reason goes to the log. */
async function part(log: Logger, name: string, check: () => Promise<unknown>): Promise<{ ok: boolean; detail?: string }> {
  try {
    await check();
    return { ok: true };
  } catch (error) {
    log.warn({ err: error, part: name }, 'a part is not ready');
    return { ok: false, detail: 'unavailable' };
  }
}

/** Days for which a doubt is told. It is for people to look into, and keeps nobody out. */
const doubtDays = 7;

async function readiness({ core, client }: StartBot): Promise<Readiness> {
  const parts = {
    postgres: await part(core.log, 'postgres', () => core.store.ping()),
    temporal: await part(core.log, 'temporal', () =>
      client.connection.withDeadline(Date.now() + 2_000, () => client.workflowService.getSystemInfo({})),
    ),
  };
  const inDoubt = await deliveriesInDoubt(core.pool, doubtDays).catch(() => false);
  const audit = { ok: true, ...(inDoubt && { detail: 'a delivery of checkpoints is in doubt' }) };
  return { ok: Object.values(parts).every(({ ok }) => ok), parts: { ...parts, audit } };
}

/** Slack signs the raw body, so it goes to Bolt unread. */
async function slackEvents(api: Api, listener: RequestListener): Promise<void> {
  await api.register((scoped: Api, _options, done) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scoped.post('/slack/events', (request, reply) => {
      reply.hijack();
      listener(request.raw, reply.raw);
    });
    done();
  });
}

async function listenOn(api: Api, host: string, port: number): Promise<string> {
  try {
    return await listenAt(api, { host, port });
  } catch (error) {
    await api.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortInUse(port, { cause: error });
    throw error;
  }
}

/** What the pages share with the API. */
interface Shared {
  readonly tickets: Tickets;
  readonly rates: Rates;
  readonly baseUrl: () => string | null;
}

function createHttp(start: StartBot, identity: IdentitySide, { tickets, rates }: Shared): Promise<Api> {
  const { core, metrics } = start;
  return createApi({
    store: core.store,
    votes: core.votes,
    breakGlass: core.breakGlass,
    incidents: core.incidents,
    reads: createReads({ ...core, carry: carryByTemporal(start.client) }),
    people: core.directory,
    policy: core.livePolicy,
    registry: core.registry,
    prompts: createLlmPrompts({ db: core.pool, key: start.key, days: core.file.llm.promptDays, now: core.store.now }),
    authenticate: tickets.accept(createAuthenticator(core.store.tokens, identity.authenticate)),
    signIn: identity.signIn,
    notFound: pageNotFound,
    ready: () => readiness(start),
    metrics: metrics.registry,
    http: core.file.http,
    rates,
    publicUrl: start.publicUrl,
    log: core.log,
  });
}

function startEvents({ core, side, client, linear, pagerduty }: StartBot, linearLabels: LinearLabels | null): RunningIntake {
  const workflows = createWorkflows(client);
  const alerts = alertIntakeOn(core, side, workflows, pagerduty);
  const deps = {
    store: core.store,
    workflows,
    face: side.face,
    policy: core.policy,
    directory: core.directory,
    linearLabels,
    linearSessions: linear === null ? null : linearSessionsOn(core, linear, workflows),
    alerts,
    answers: core.file.llm.routes.explain !== undefined || core.file.llm.routes.summarise !== undefined,
    serviceOfChannel: (channel: string) => core.estate.services.find((service) => service.channel === channel)?.name ?? null,
  };
  return startIntake({
    store: core.store,
    handle: (event) => handleEvent(deps, event),
    onQueued: async (event: InboxEvent) => {
      if ('origin' in event) await side.face.firstReply(event, 'queued');
      if (event.kind === 'alerts.opened') await alerts.queued(event.incidentId);
    },
    inTrace: withTraceparent,
    log: core.log,
  });
}

function addPages(api: Api, { core, client, key }: StartBot, { pages }: IdentitySide, shared: Shared) {
  const { pool, directory, store, votes, autonomy, file, redactor, log } = core;
  const health = createSiteHealth(client, file.sites, log);
  const plans = { store, choices: votes, directory, breakGlass: autonomy.breakGlass };
  return registerPages(api, {
    ...plans,
    pool,
    file,
    redact: redactor,
    health,
    key,
    now: store.now,
    identity: pages,
    ...shared,
    log,
  });
}

/** Slack, the API, the pages, and the inbox that feeds the workflows. Throws PortInUse. */
export async function startBot(start: StartBot): Promise<RunningBot> {
  let api: Api | null = null;
  const baseUrl = () => start.publicUrl ?? (start.host === '127.0.0.1' ? (api?.listeningOrigin ?? null) : null);
  const identity = start.signIn === null ? noIdentitySide : createIdentitySide(start.core, start.signIn, baseUrl, start.key);
  const shared = { tickets: createTickets(), rates: createRates(start.core.file.http.limits), baseUrl };
  api = await createHttp(start, identity, shared);
  const labels = start.linear === null ? null : linearLabelsOn(start.core, start.linear);
  const intake = startEvents(start, labels);
  const gauges = startOutboxGauges({ outbox: start.core.store.outbox, metrics: start.metrics, log: start.core.log });
  const reconciliation = labels === null ? null : startReconciliation(labels, start.core.log);
  const slack = start.side.connect?.(traced(intake, start.metrics), identity.invitations) ?? null;
  const stop = async () => {
    gauges.stop();
    await slack?.stop();
    await reconciliation?.stop();
    await intake.stop();
    await api.close();
  };
  try {
    if (slack?.listener) await slackEvents(api, slack.listener);
    const take = await addPages(api, start, identity, shared);
    await identity.addPages(api, take);
    await registerWebhooks(api, {
      linear: start.linear?.webhookSecret ? { secret: start.linear.webhookSecret } : null,
      pagerduty: {
        secrets: start.pagerduty.secrets,
        onIgnored: (kind) => start.metrics.inboxEvents.inc({ kind, result: 'ignored' }),
      },
      // Of people none: an alert comes from a machine.
      alertmanager: { authenticate: createAuthenticator(start.core.store.tokens, null) },
      intake: traced(intake, start.metrics),
      now: start.core.store.now,
      log: start.core.log,
    });
    return { url: await listenOn(api, start.host, start.port), listen: async () => slack?.start(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
