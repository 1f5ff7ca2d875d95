import { randomUUID } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { api } from '@pagerduty/pdjs';
import { z } from 'zod';
import { beginningOf } from '../../../tools/text.ts';
import { PeerForbidden, PeerRefused, PeerUnavailable } from '../errors.ts';
import type { Limits } from './limits.ts';
import { retryAfterMs } from './retry-after.ts';

export interface RestOptions {
  readonly token: string;
  /** e.g. `https://api.pagerduty.com`. */
  readonly apiUrl: string;
  /** Sent as `From`, which writes demand. */
  readonly fromEmail: string;
  /** Milliseconds for one call. */
  readonly timeoutMs: number;
  readonly limits: Limits;
}

export interface RestCall<T> {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  /** Query of a read, body of a write. */
  readonly data?: object;
  /** In whose name, by e-mail; our own unless given. */
  readonly from?: string;
  readonly answer: z.ZodType<T>;
}

const requestId = 'x-request-id';
const responses = 'http.client.response.finish';
/** Nothing was sent. */
const unreached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

interface Finished {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

const Problem = z.object({ error: z.object({ message: z.string(), code: z.number().optional(), errors: z.array(z.string()).optional() }) });

/** What PagerDuty says is wrong; the status where it says nothing. */
function reasonOf(status: number, body: unknown): string {
  const parsed = Problem.safeParse(body);
  if (!parsed.success) return String(status);
  const { message, errors = [] } = parsed.data.error;
  return beginningOf([`${status} ${message}`, ...errors].join('; '), 500);
}

function failure(status: number, body: unknown): PeerUnavailable | PeerRefused {
  // A token can be corrected: the decisions wait for it.
  if (status === 401 || status === 403) return new PeerForbidden('PagerDuty does not accept the API token', null, 'no');
  if (status === 402) return new PeerRefused('the PagerDuty account lacks the ability for this');
  if (status >= 400 && status < 500 && status !== 408) return new PeerRefused(`PagerDuty refused: ${reasonOf(status, body)}`);
  // A gateway gives up on an answer that may still have had its effect.
  return new PeerUnavailable(`PagerDuty answered ${status}`, null, status === 500 || status === 503 ? 'no' : 'unknown');
}

/** Notes the limits of every answer to this request; aborts it at a 429, because pdjs would sleep and call again. */
function watchFor({ limits }: RestOptions, id: string, limited: AbortController): (message: unknown) => void {
  return (message) => {
    const { request, response } = message as Finished;
    // node-fetch sets headers as lists.
    if (String(request.getHeader(requestId)) !== id) return;
    const header = (name: string) => response.headers[name];
    limits.note(header);
    if (response.statusCode === 429) limited.abort(new PeerUnavailable('PagerDuty limits the rate', retryAfterMs(header), 'no'));
  };
}

/**
 * Calls REST v2 through pdjs. pdjs answers a 429 by sleeping for a fixed time and calling again, without looking at the headers;
 * so the response is watched, the call is aborted at a 429, and the caller gets what the headers ask for.
 * Throws PeerUnavailable or PeerRefused.
 */
export async function callRest<T>(options: RestOptions, call: RestCall<T>): Promise<T> {
  options.limits.check();
  const id = randomUUID();
  const limited = new AbortController();
  const watch = watchFor(options, id, limited);
  diagnostics.subscribe(responses, watch);
  try {
    // `requestTimeout` aborts nothing and its timer outlives a failed call; with 0 there is none.
    const response = await api({
      url: `${options.apiUrl}${call.path}`,
      method: call.method.toUpperCase(),
      token: options.token,
      headers: { From: call.from ?? options.fromEmail, [requestId]: id },
      signal: AbortSignal.any([limited.signal, AbortSignal.timeout(options.timeoutMs)]),
      requestTimeout: 0,
      retryTimeout: 0,
      ...(call.data === undefined ? {} : { data: call.data }),
    });
    if (response.status >= 300) throw failure(response.status, response.data);
    const parsed = call.answer.safeParse(response.data);
    if (!parsed.success) throw new PeerUnavailable('PagerDuty answered in an unknown shape');
    return parsed.data;
  } catch (error) {
    throw peerErrorOf(error, limited.signal);
  } finally {
    diagnostics.unsubscribe(responses, watch);
  }
}

function property(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null && name in error ? (error as Record<string, unknown>)[name] : undefined;
}

/** pdjs rejects with the response when its body is no JSON. */
function peerErrorOf(error: unknown, limited: AbortSignal): Error {
  if (limited.reason instanceof PeerUnavailable) return limited.reason;
  if (error instanceof PeerUnavailable || error instanceof PeerRefused) return error;
  const status = Number(property(error, 'status'));
  if (Number.isInteger(status) && status >= 300) return failure(status, null);
  const reached = !unreached.has(String(property(error, 'code')));
  return new PeerUnavailable('PagerDuty did not answer', null, reached ? 'unknown' : 'no');
}
