import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Documents } from '../peer/database.ts';
import type { FaultSwitch } from '../peer/faults.ts';
import { PagerDutyProblem } from './problem.ts';
import type { Exchange } from './types.ts';

export interface Call {
  readonly id: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  /** The `From` header. */
  readonly from: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Id of what was created or changed. */
  readonly effect?: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** As in the published contract, with `{id}`. */
  readonly path: string;
  /** Name in the ledger and for the fault switches. */
  readonly operation: string;
  /** Whether the `From` header is demanded. */
  readonly from?: boolean;
  readonly answer: (call: Call) => Answer;
}

export interface Gate {
  readonly documents: Documents;
  readonly faults: FaultSwitch;
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Throws PagerDutyProblem. */
  admit(request: FastifyRequest, route: Route): void;
  headers(): Record<string, string>;
}

const limited = (seconds: number): Record<string, string> => ({
  'ratelimit-limit': '960',
  'ratelimit-remaining': '0',
  'ratelimit-reset': String(seconds),
});

function injected(gate: Gate, route: Route): { answer: Answer; headers: Record<string, string> } | 'hang' | null {
  const fault = gate.faults.take(route.operation);
  if (fault === undefined) return null;
  if (fault.kind === 'hang') return 'hang';
  if (fault.kind === 'error')
    return { answer: { status: fault.status, body: { error: { message: 'Internal Server Error', code: 2000, errors: [] } } }, headers: {} };
  const body = new PagerDutyProblem(429, 2020, 'Rate Limit Exceeded').body();
  return {
    answer: { status: 429, body },
    headers: { ...limited(fault.retryAfterSeconds), 'retry-after': String(fault.retryAfterSeconds) },
  };
}

function answered(gate: Gate, route: Route, request: FastifyRequest): Answer {
  try {
    gate.admit(request, route);
    const { id = '' } = request.params as { id?: string };
    const { from = null } = request.headers;
    return route.answer({ id, query: request.query as Record<string, unknown>, body: request.body, from });
  } catch (error) {
    if (error instanceof PagerDutyProblem) return { status: error.status, body: error.body() };
    throw error;
  }
}

/** Faults, admission, effect, ledger, answer: in this order for every call. */
export function addRoute(app: FastifyInstance, gate: Gate, route: Route): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const fault = injected(gate, route);
    const refusal = fault === 'hang' ? null : fault;
    const answer = refusal?.answer ?? answered(gate, route, request);
    const status = fault === 'hang' ? 0 : answer.status;
    gate.documents.record({ operation: route.operation, status, effect: answer.effect ?? null, input: request.body ?? request.query });
    gate.onExchange?.({ method: route.method, path: route.path, request: request.body, status: answer.status, response: answer.body });
    if (fault === 'hang') return reply.hijack();
    return reply
      .code(answer.status)
      .headers(refusal?.headers ?? gate.headers())
      .send(answer.body);
  };
  app.route({ method: route.method, url: route.path.replace('{id}', ':id'), handler });
}
