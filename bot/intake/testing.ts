import { createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { loadCommittedPolicy } from '../../policy/load.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import { createErrorHandler } from '../api/errors.ts';
import { createAuthenticator } from '../api/principal.ts';
import type { Service } from '../config-file.ts';
import { Alerts } from '../correlation/settings.ts';
import type { PageEvidence } from '../pagerduty/evidence.ts';
import type { PagerDutyReads } from '../pagerduty/reads.ts';
import { createDirectory } from '../people.ts';
import type { AlertBoard } from '../slack/alert-board.ts';
import type { Store } from '../store/store.ts';
import { silent } from '../store/testing.ts';
import { registerWebhooks } from '../webhooks/index.ts';
import { createAlertIntake } from './alert-intake.ts';
import { noFace } from './face.ts';
import { handleEvent } from './handle.ts';
import { startIntake } from './intake.ts';

/** Support for tests of alerts: one bot as it stands in production, with the engine and Slack written down at the other side of their ports. */

export const secret = 'made-up-for-tests';

/** What both replicas of a test have at their other sides. */
export interface Outside {
  /** Keys of the workflows that were started, once per start. */
  readonly started: string[];
  readonly woken: string[];
  /** Key, number and wait of every second look, once each. */
  readonly looks: string[];
  readonly threads: string[];
  readonly said: string[];
  /** What a thread shows last. */
  readonly shown: Map<string, Parameters<AlertBoard['show']>[1]>;
  /** The engine does not answer that many calls. */
  away: number;
  readonly told: { readonly incident: string; readonly key: string; readonly lines: readonly string[] }[];
}

export function createOutside(): Outside {
  return { started: [], woken: [], looks: [], threads: [], said: [], shown: new Map(), away: 0, told: [] };
}

const service = (name: string, dependsOn: string[], more: Partial<Service> = {}): Service => ({
  ...{ name, dependsOn, site: 'shop-eu', namespace: 'shop', owners: [], pagerduty: `P${name.toUpperCase()}` },
  ...{ errorRateLimit: 0.05, verifyWithinSeconds: 60 },
  ...more,
});

/** frontend → checkout → payment; frontend → catalog; batch is alone. */
export const shop: readonly Service[] = [
  service('frontend', ['checkout', 'catalog']),
  service('checkout', ['payment']),
  service('payment', []),
  service('catalog', []),
  service('batch', []),
];

function engineOf(store: Store, outside: Outside) {
  const { started, woken, looks } = outside;
  const running = new Set<string>();
  const start = async (key: string, incidentId: string) => {
    outside.away -= 1;
    if (outside.away >= 0) throw new Error('no engine answers');
    if (running.has(key)) return;
    running.add(key);
    started.push(key);
    // As the workflow does first.
    await store.incidents.transition(incidentId, 'investigating');
  };
  return {
    startOrWake: start,
    async startAnew(key: string, incidentId: string) {
      running.delete(key);
      await start(key, incidentId);
    },
    async look(key: string, _incidentId: string, number: number, waitMs: number) {
      if (!looks.some((known) => known.startsWith(`${key} ${number} `))) looks.push(`${key} ${number} ${Math.round(waitMs / 60_000)} min`);
    },
    question: () => Promise.reject(new Error('nobody asks in these tests')),
    tell: async () => false,
    wake: async (key: string, reason: string) => void woken.push(`${key} ${reason}`),
  };
}

function chatOf(store: Store, { threads, said }: Outside) {
  return {
    async openThread({ id }: Incident) {
      threads.push(id);
      await store.incidents.setThread(id, { team: 'T1', channel: 'C1', threadTs: id });
    },
    say: async ({ id }: Incident, key: string, text: string) => void said.push(`${id} ${key} ${text}`),
  };
}

function boardOf({ shown, told }: Outside): AlertBoard {
  return {
    show: async ({ id }, alerts) => void shown.set(id, alerts),
    tell: async ({ id }, key, lines) => void told.push({ incident: id, key, lines }),
  };
}

export interface Replica {
  readonly url: string;
  stop(): Promise<void>;
}

export interface ReplicaOptions {
  readonly store: Store;
  readonly outside: Outside;
  readonly services?: readonly Service[];
  readonly settings?: Partial<Alerts>;
  readonly reads?: PagerDutyReads | null;
  readonly evidence?: PageEvidence | null;
}

/** Webhook routes over HTTP, the inbox behind them, and the handling. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { store, outside, services = shop, reads = null, evidence = null } = options;
  const workflows = engineOf(store, outside);
  const directory = createDirectory([{ id: 'alice', name: 'Alice', roles: ['approver'], pagerduty: 'PALICE01' }]);
  const alerts = createAlertIntake({
    ...{ store, services, settings: Alerts.parse(options.settings ?? {}), directory, workflows },
    ...{ chat: chatOf(store, outside), board: boardOf(outside), reads, evidence, log: silent },
  });
  const policy = await loadCommittedPolicy();
  const deps = {
    store,
    workflows,
    face: noFace,
    policy,
    directory,
    linearLabels: null,
    linearSessions: null,
    answers: false,
    alerts,
    serviceOfChannel: () => null,
  };
  const intake = startIntake({
    store,
    handle: (event) => handleEvent(deps, event),
    onQueued: async (event) => (event.kind === 'alerts.opened' ? alerts.queued(event.incidentId) : undefined),
    inTrace: (_traceparent, _name, run) => run(),
    log: silent,
  });
  const api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  await registerWebhooks(api, {
    linear: null,
    pagerduty: { secrets: [secret], onIgnored: () => {} },
    alertmanager: { authenticate: createAuthenticator(store.tokens, null) },
    ...{ intake, now: store.now, log: silent },
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`,
    async stop() {
      await api.close();
      await intake.stop();
    },
  };
}

/** Until nothing is open in the inbox. */
export async function drained(store: Store, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while ((await store.inbox.nextAt()) !== null) {
    if (Date.now() > end) throw new Error('the inbox did not drain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

export interface SentPage {
  readonly type?: string;
  readonly page?: string;
  readonly service?: string;
  readonly title?: string;
  readonly at?: Date;
  readonly eventId?: string;
  readonly status?: string;
  readonly data?: object;
  readonly agent?: object | null;
}

/** Body of a webhook v3 about an incident. */
export function pageBody(sent: SentPage = {}): string {
  const { type = 'incident.triggered', page = 'QPAGE01', service = 'checkout', title = `${service} fails`, at = new Date() } = sent;
  const data = {
    ...{ id: page, type: 'incident', number: 12, title, status: sent.status ?? 'triggered', incident_key: page.toLowerCase() },
    ...{ html_url: `https://shop.pagerduty.example/incidents/${page}`, created_at: at.toISOString(), urgency: 'high', priority: null },
    service: { id: `P${service.toUpperCase()}`, type: 'service_reference', summary: service },
    ...{ assignees: [], resolve_reason: null },
    ...sent.data,
  };
  const event = { id: sent.eventId ?? randomUUID(), event_type: type, resource_type: 'incident', occurred_at: at.toISOString() };
  return JSON.stringify({ event: { ...event, agent: sent.agent ?? null, client: null, data } });
}

export const signed = (body: string, by = secret) => `v1=${createHmac('sha256', by).update(body).digest('hex')}`;

export async function postPage(url: string, body: string, deliveryId: string = randomUUID()): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-pagerduty-signature': signed(body), 'x-webhook-id': deliveryId };
  const response = await fetch(`${url}/webhooks/pagerduty`, { method: 'POST', headers, body });
  await response.body?.cancel();
  return response.status;
}
