import { randomUUID } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { api } from '@pagerduty/pdjs';
import type { z } from 'zod';
import { PeerRefused, PeerUnavailable } from '../errors.ts';
import { retryAfterMs } from './retry-after.ts';

export interface RestOptions {
  readonly token: string;
  /** e.g. `https://api.pagerduty.com`. */
  readonly apiUrl: string;
  /** Sent as `From`, which writes demand. */
  readonly fromEmail: string;
  /** Milliseconds for one call. */
  readonly timeoutMs: number;
}

export interface RestCall<T> {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Query of a read, body of a write. */
  readonly data?: object;
  readonly answer: z.ZodType<T>;
}

const requestId = 'x-request-id';
const responses = 'http.client.response.finish';

interface Finished {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

function failure(status: number): PeerUnavailable | PeerRefused {
  if (status === 401 || status === 403) return new PeerUnavailable('PagerDuty does not accept the API token');
  if (status === 402) return new PeerRefused('the PagerDuty account lacks the ability for this');
  if (status >= 400 && status < 500 && status !== 408) return new PeerRefused(`PagerDuty refused with ${status}`);
  return new PeerUnavailable(`PagerDuty answered ${status}`);
}

/**
 * Calls REST v2 through pdjs. pdjs answers a 429 by sleeping for a fixed time and calling again, without looking at the headers;
 * so the response is watched, the call is aborted at a 429, and the caller gets what the headers ask for.
 * Throws PeerUnavailable or PeerRefused.
 */
export async function callRest<T>(options: RestOptions, call: RestCall<T>): Promise<T> {
  const id = randomUUID();
  const limited = new AbortController();
  const watch = (message: unknown) => {
    const { request, response } = message as Finished;
    // node-fetch sets headers as lists.
    if (response.statusCode !== 429 || String(request.getHeader(requestId)) !== id) return;
    limited.abort(
      new PeerUnavailable(
        'PagerDuty limits the rate',
        retryAfterMs((name) => response.headers[name]),
      ),
    );
  };
  diagnostics.subscribe(responses, watch);
  try {
    const signal = AbortSignal.any([limited.signal, AbortSignal.timeout(options.timeoutMs)]);
    const headers = { From: options.fromEmail, [requestId]: id };
    // `requestTimeout` aborts nothing and its timer outlives a failed call; with 0 there is none.
    const init = {
      url: `${options.apiUrl}${call.path}`,
      method: call.method.toUpperCase(),
      token: options.token,
      headers,
      signal,
      requestTimeout: 0,
      retryTimeout: 0,
      ...(call.data === undefined ? {} : { data: call.data }),
    };
    const response = await api(init);
    if (response.status >= 300) throw failure(response.status);
    const parsed = call.answer.safeParse(response.data);
    if (!parsed.success) throw new PeerUnavailable('PagerDuty answered in an unknown shape');
    return parsed.data;
  } catch (error) {
    throw peerErrorOf(error, limited.signal);
  } finally {
    diagnostics.unsubscribe(responses, watch);
  }
}

/** pdjs rejects with the response when its body is no JSON. */
function peerErrorOf(error: unknown, limited: AbortSignal): Error {
  if (limited.reason instanceof PeerUnavailable) return limited.reason;
  if (error instanceof PeerUnavailable || error instanceof PeerRefused) return error;
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : Number.NaN;
  return Number.isInteger(status) && status >= 300 ? failure(status) : new PeerUnavailable('PagerDuty did not answer');
}
