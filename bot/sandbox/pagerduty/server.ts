import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { type Documents, type LedgerEntry, openDocuments } from '../peer/database.ts';
import { createFaults, type PeerFaults } from '../peer/faults.ts';
import { localOnly } from '../peer/local-only.ts';
import { createAccount } from './account.ts';
import { directoryRoutes } from './directory.ts';
import { eventRoutes } from './events.ts';
import { evidenceRoutes } from './evidence.ts';
import { createHands, handRoutes, type PagerDutyHands, pagePerson } from './hands.ts';
import { incidentRoutes } from './incidents.ts';
import { invalidInput, notFound, PagerDutyProblem } from './problem.ts';
import { addRoute, type Gate, type Route } from './route.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import type { Exchange, LocalPagerDutyUser, PagerDutyService } from './types.ts';
import { view } from './view.ts';
import { createWebhookSender, type WebhookFaults } from './webhooks.ts';

export interface PagerDutyOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** SQLite file; credentials and objects survive a restart with it. */
  readonly dataFile: string;
  readonly log: Logger;
  /** Beside the account that the product uses. */
  readonly users?: readonly LocalPagerDutyUser[];
  /** The first is the one behind the routing key. */
  readonly services?: readonly PagerDutyService[];
  /** Milliseconds before each further attempt of a webhook; the last repeats. */
  readonly webhookRetryAfterMs?: readonly number[];
  /** Sees every request and its answer. */
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface LocalPagerDuty {
  readonly apiUrl: string;
  readonly eventsUrl: string;
  readonly token: string;
  readonly fromEmail: string;
  readonly routingKey: string;
  /** Signs the deliveries of `deliverTo`. */
  readonly webhookSecret: string;
  readonly faults: PeerFaults;
  /** What people and monitoring do there. */
  readonly hands: PagerDutyHands;
  readonly webhookFaults: WebhookFaults;
  /** Sends every incident event to that address from now on. */
  deliverTo(url: string): void;
  ledger(): readonly LedgerEntry[];
  close(): Promise<void>;
}

const fromEmail = 'oncall@watchkeeper.example';
const subscribed = [
  ...['triggered', 'acknowledged', 'unacknowledged', 'resolved', 'reopened', 'escalated', 'delegated', 'reassigned', 'annotated'],
  ...['priority_updated', 'service_updated', 'incident_type.changed', 'status_update_published', 'responder.added', 'responder.replied'],
  ...['custom_field_values.updated', 'conference_bridge.updated'],
].map((name) => `incident.${name}`);

function admission(token: string, isUser: (email: string | null) => boolean): Gate['admit'] {
  return (request: FastifyRequest, route: Route) => {
    if (route.path.startsWith('/v2/')) return;
    if (request.headers.authorization !== `Token token=${token}`) throw new PagerDutyProblem(401, 2006, 'Authentication failed');
    if (route.from === true && !isUser(request.headers.from ?? null))
      throw new PagerDutyProblem(400, 1008, 'Requester User Not Found', ['The From header must be the e-mail of a valid user.']);
  };
}

/** `ratelimit-*` of a fixed window of one minute. */
function rateHeaders(): () => Record<string, string> {
  let window = 0;
  let used = 0;
  return () => {
    const minute = Math.floor(Date.now() / 60_000);
    used = minute === window ? used + 1 : 1;
    window = minute;
    const reset = Math.ceil(((minute + 1) * 60_000 - Date.now()) / 1_000);
    return { 'ratelimit-limit': '960', 'ratelimit-remaining': String(Math.max(0, 960 - used)), 'ratelimit-reset': String(reset) };
  };
}

function credentials(documents: Documents): { token: string; routingKey: string; webhookSecret: string } {
  return {
    token: documents.keep('token', () => randomBytes(15).toString('base64url')),
    routingKey: documents.keep('routing_key', () => randomBytes(16).toString('hex')),
    webhookSecret: documents.keep('webhook_secret', () => randomBytes(32).toString('hex')),
  };
}

/** Starts the stand-in of PagerDuty: REST v2 and Events v2 on one port, webhooks v3 out of it. Throws when the port is taken. */
export async function startPagerDuty(options: PagerDutyOptions): Promise<LocalPagerDuty> {
  const documents = openDocuments(options.dataFile);
  const faults = createFaults();
  const keys = credentials(documents);
  const app = fastify({ forceCloseConnections: true, bodyLimit: 524_288 });
  const origin = () => `http://${options.host}:${(app.server.address() as AddressInfo).port}`;
  const sender = createWebhookSender({
    documents,
    origin,
    log: options.log,
    retryAfterMs: options.webhookRetryAfterMs ?? [1_000, 5_000, 30_000],
  });
  const account = createAccount({
    documents,
    services: options.services ?? [{ id: 'PCHECKOUT', name: 'checkout' }],
    fromEmail,
    users: options.users ?? [pagePerson],
    origin,
    emit: sender.emit,
  });
  const admit = admission(keys.token, (email) => account.userOf(email) !== undefined);
  const gate: Gate = { documents, faults, onExchange: options.onExchange, admit, headers: rateHeaders() };
  const routes = [
    ...incidentRoutes(account),
    ...evidenceRoutes(account),
    ...directoryRoutes(account),
    ...subscriptionRoutes(account, sender),
    ...eventRoutes(account, keys.routingKey),
  ];
  localOnly(app);
  for (const route of routes) addRoute(app, gate, route);
  const hands = createHands(account);
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(view(account)));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound().body()));
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode === undefined || error.statusCode >= 500) options.log.error({ err: error }, 'the PagerDuty stand-in failed');
    return reply.code(error.statusCode ?? 500).send(invalidInput('The request could not be read.').body());
  });
  await handRoutes(app, hands);
  await app.listen({ host: options.host, port: options.port });
  sender.resume();
  return {
    apiUrl: origin(),
    eventsUrl: origin(),
    fromEmail,
    ...keys,
    faults,
    hands,
    webhookFaults: sender.faults,
    deliverTo: (url) =>
      documents.put('subscription', 'PLOCAL', null, {
        id: 'PLOCAL',
        url,
        secret: keys.webhookSecret,
        events: subscribed,
        description: 'Watchkeeper',
        filter: { type: 'account_reference' },
        active: true,
      }),
    ledger: () => documents.ledger(),
    close: async () => {
      await sender.stop();
      await app.close();
      documents.close();
    },
  };
}
