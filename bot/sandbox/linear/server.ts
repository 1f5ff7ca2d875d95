import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type Documents, type LedgerEntry, openDocuments } from '../peer/database.ts';
import { createFaults, type Fault, type FaultSwitch, type PeerFaults } from '../peer/faults.ts';
import { localOnly } from '../peer/local-only.ts';
import { createExecutor, type Executor } from './execute.ts';
import { peopleRoutes } from './people.ts';
import { sessionRoutes } from './people-sessions.ts';
import type { Exchange } from './types.ts';
import { view } from './view.ts';
import { createWebhookSender, type WebhookSwitches } from './webhooks.ts';
import { createWorkspace, type LocalLinearUser } from './workspace.ts';

export type { LocalLinearUser } from './workspace.ts';

export interface LinearOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** SQLite file; credentials and objects survive a restart with it. */
  readonly dataFile: string;
  readonly log: Logger;
  readonly teamKey?: string;
  /** Members beside the key's own account. */
  readonly users?: readonly LocalLinearUser[];
  /** Milliseconds before each further attempt of a webhook: 1 s, 5 s and 30 s unless given. */
  readonly retryAfterMs?: readonly number[];
  /** Sees every request and its answer. */
  readonly onExchange?: (exchange: Exchange) => void;
}

export interface LocalLinear {
  /** `http://HOST:PORT/graphql` */
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly teamKey: string;
  readonly webhookSecret: string;
  /** `to` names the receiver; without it none are sent. */
  readonly webhooks: WebhookSwitches & { to(url: string): void };
  readonly faults: PeerFaults;
  /** `operation` is the root field, e.g. `issueCreate`. */
  ledger(): readonly LedgerEntry[];
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly effect?: string | null;
}

const Body = z.object({ query: z.string().max(100_000), variables: z.record(z.string(), z.unknown()).nullish() });

function problem(status: number, message: string, type: string, code: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    body: { errors: [{ message, extensions: { type, code, statusCode: status, userError: true, userPresentableMessage: message } }] },
    headers,
  };
}

/** By status; everything else is a fault of Linear's. */
const refusals: Readonly<Record<number, readonly [message: string, type: string, code: string]>> = {
  400: ['Argument Validation Error', 'invalid input', 'INVALID_INPUT'],
  401: ['Authentication required, not authenticated', 'authentication error', 'AUTHENTICATION_ERROR'],
  403: ['Forbidden', 'forbidden', 'FORBIDDEN'],
};

function injected(fault: Exclude<Fault, { kind: 'hang' }>): Answer {
  if (fault.kind === 'error') {
    const [message, type, code] = refusals[fault.status] ?? ['Internal server error', 'internal error', 'INTERNAL_SERVER_ERROR'];
    return problem(fault.status, message, type, code);
  }
  const seconds = fault.retryAfterSeconds;
  return problem(400, 'Rate limit exceeded', 'ratelimited', 'RATELIMITED', {
    'retry-after': String(seconds),
    'x-ratelimit-requests-limit': '5000',
    'x-ratelimit-requests-remaining': '0',
    'x-ratelimit-requests-reset': String(Date.now() + seconds * 1_000),
  });
}

async function answer(executor: Executor, apiKey: string, request: FastifyRequest): Promise<Answer> {
  if (request.headers.authorization !== apiKey && request.headers.authorization !== `Bearer ${apiKey}`)
    return problem(401, 'Authentication required, not authenticated', 'authentication error', 'AUTHENTICATION_ERROR');
  const body = Body.safeParse(request.body);
  if (!body.success) return problem(400, 'The request is no GraphQL request', 'graphql error', 'BAD_REQUEST');
  const { result, effect } = await executor.execute(body.data.query, body.data.variables ?? {});
  // Linear answers a failed operation with 200 when there is data beside the errors, and with 400 when there is none.
  return { status: result.data === undefined || result.data === null ? 400 : 200, body: result, effect };
}

interface Endpoint {
  readonly executor: Executor;
  readonly documents: Documents;
  readonly faults: FaultSwitch;
  readonly apiKey: string;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
}

function handler(endpoint: Endpoint) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const body = Body.safeParse(request.body);
    const variables = body.data?.variables ?? {};
    const operation = endpoint.executor.operation(body.data?.query ?? '') ?? 'unknown';
    const fault = endpoint.faults.take(operation);
    const refusal = fault === undefined || fault.kind === 'hang' ? null : injected(fault);
    const given = refusal ?? (await answer(endpoint.executor, endpoint.apiKey, request));
    endpoint.documents.record({
      operation,
      status: fault?.kind === 'hang' ? 0 : given.status,
      effect: given.effect ?? null,
      input: variables,
    });
    endpoint.onExchange?.({
      query: body.data?.query ?? '',
      variables,
      status: given.status,
      response: JSON.parse(JSON.stringify(given.body)),
    });
    if (fault?.kind === 'hang') return reply.hijack();
    return reply
      .code(given.status)
      .headers(given.headers ?? {})
      .send(given.body);
  };
}

const retryAfterMs = [1_000, 5_000, 30_000];

/** Starts the stand-in of Linear: its GraphQL API, executed on the part of the schema that the product uses, its webhooks, and a page for people. Throws when the port is taken. */
export async function startLinear(options: LinearOptions): Promise<LocalLinear> {
  const documents = openDocuments(options.dataFile);
  const faults = createFaults();
  const apiKey = documents.keep('api_key', () => `lin_api_${randomBytes(20).toString('hex')}`);
  const teamKey = options.teamKey ?? 'SRE';
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_048_576 });
  const origin = () => `http://${options.host}:${(app.server.address() as AddressInfo).port}`;
  const workspace = createWorkspace({ documents, teamKey, users: options.users ?? [], origin });
  const webhookSecret = documents.keep('webhook_secret', () => randomBytes(32).toString('hex'));
  const webhooks = createWebhookSender({ workspace, secret: webhookSecret, retryAfterMs, ...options });
  const executor = createExecutor(workspace, webhooks.send);
  localOnly(app);
  app.post('/graphql', handler({ executor, documents, faults, apiKey, onExchange: options.onExchange }));
  app.get<{ Querystring: { as?: string } }>('/', async ({ query }, reply) =>
    reply.type('text/html; charset=utf-8').send(view(workspace, query.as ?? null)),
  );
  await peopleRoutes(app, workspace, webhooks.send);
  sessionRoutes(app, { workspace, onChange: webhooks.send, onSession: webhooks.sendSession });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode === undefined || error.statusCode >= 500) options.log.error({ err: error }, 'the Linear stand-in failed');
    return reply.code(error.statusCode ?? 500).send(problem(400, 'The request could not be read', 'graphql error', 'BAD_REQUEST').body);
  });
  await app.listen({ host: options.host, port: options.port });
  return {
    apiUrl: `${origin()}/graphql`,
    apiKey,
    teamKey: workspace.team.key,
    webhookSecret,
    webhooks,
    faults,
    ledger: () => documents.ledger(),
    close: async () => {
      await webhooks.stop();
      await app.close();
      documents.close();
    },
  };
}
