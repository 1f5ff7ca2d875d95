import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeArguments } from './arguments.ts';
import { SlackRefusal } from './errors.ts';
import type { FaultSwitch } from './faults.ts';
import { methods } from './methods/index.ts';
import { checkScope } from './methods/scopes.ts';
import type { Json, LedgerEntry } from './types.ts';
import type { Workspace } from './workspace.ts';

/** Calls that are kept for assertions; older ones are forgotten. */
const ledgerLimit = 10_000;

export interface WebApiParts {
  readonly workspace: Workspace;
  readonly faults: FaultSwitch;
  readonly ledger: LedgerEntry[];
  /** Answers a path for one Socket Mode connection; null without Socket Mode. */
  readonly issueTicket: (() => string) | null;
}

type Request = FastifyRequest<{ Params: { method: string } }>;

function tokenOf(request: Request, args: Json): string | undefined {
  const header = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof args['token'] === 'string' ? args['token'] : undefined);
}

function authenticate(parts: WebApiParts, method: string, token: string | undefined): void {
  if (method === 'blocks.validate') return;
  if (token === undefined) throw new SlackRefusal('not_authed');
  const { botToken, appToken } = parts.workspace.app;
  const wanted = method === 'apps.connections.open' ? appToken : botToken;
  if (token === wanted) return;
  throw new SlackRefusal(token === botToken || token === appToken ? 'not_allowed_token_type' : 'invalid_auth');
}

function call(parts: WebApiParts, method: string, args: Json): Json {
  if (method === 'apps.connections.open') {
    if (parts.issueTicket === null) throw new SlackRefusal('forbidden');
    return { url: `${parts.workspace.origin().replace('http:', 'ws:')}${parts.issueTicket()}` };
  }
  const known = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (known === undefined) throw new SlackRefusal('unknown_method', [], { req_method: method });
  return known(parts.workspace, args);
}

function answerTo(parts: WebApiParts, request: Request): { answer: Json; args: Json } {
  const method = request.params.method;
  let args: Json = {};
  try {
    args = decodeArguments(request.body);
    if (parts.workspace.unsupported.methods?.includes(method) === true)
      throw new SlackRefusal('unknown_method', [], { req_method: method });
    authenticate(parts, method, tokenOf(request, args));
    checkScope(method, parts.workspace.unsupported.scopes ?? []);
    const { token: _, ...rest } = args;
    args = rest;
    return { answer: { ok: true, ...call(parts, method, args) }, args };
  } catch (error) {
    if (error instanceof SlackRefusal) return { answer: { ok: false, error: error.code, ...error.details }, args };
    throw error;
  }
}

function record(parts: WebApiParts, entry: LedgerEntry): void {
  parts.ledger.push(entry);
  if (parts.ledger.length > ledgerLimit) parts.ledger.shift();
}

function safeArguments(body: unknown): Json {
  try {
    return decodeArguments(body);
  } catch {
    return {};
  }
}

function handle(parts: WebApiParts, request: Request, reply: FastifyReply): FastifyReply | Json {
  const method = request.params.method;
  const fault = parts.faults.take(method);
  const entry = { method, at: Date.now() };
  if (fault?.kind === 'rate_limit') {
    record(parts, { ...entry, arguments: safeArguments(request.body), outcome: 'ratelimited' });
    return reply.code(429).header('retry-after', String(fault.retryAfter)).send({ ok: false, error: 'ratelimited' });
  }
  if (fault?.kind === 'http_error') {
    record(parts, { ...entry, arguments: safeArguments(request.body), outcome: 'http_500' });
    return reply.code(500).type('text/plain').send('Internal Server Error');
  }
  const { answer, args } = answerTo(parts, request);
  record(parts, { ...entry, arguments: args, outcome: answer['ok'] === true ? 'ok' : String(answer['error']) });
  // Hijacked: the call has taken effect and its answer never comes.
  return fault?.kind === 'hang' ? reply.hijack() : answer;
}

/** `POST /api/{method}` as https://slack.com/api/ has it: always 200 save for rate limits. */
export function webApi(server: FastifyInstance, parts: WebApiParts): void {
  void server.register(formbody, { bodyLimit: 4_000_000 });
  server.post('/api/:method', { bodyLimit: 4_000_000 }, (request: Request, reply) => handle(parts, request, reply));
}
