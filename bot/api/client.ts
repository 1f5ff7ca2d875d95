import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { contentHash } from '../../tools/canonical.ts';
import { noGrant } from '../../tools/grant-refusal.ts';
import type { GrantLedger, GrantRefusals, ObservationSink } from '../../tools/ports.ts';
import { ProblemDocument } from './problem.ts';
import { unreachable } from './unreachable.ts';

/** The API did not answer, or not in time, or not as the API does. Whether the request took effect is unknown. */
export class ApiUnavailable extends Error {
  readonly code = 'api_unavailable';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ApiUnavailable';
  }
}

/** The API answered with a problem: its words are the message. */
export class ApiRefused extends Error {
  readonly code = 'api_refused';
  readonly problem: ProblemDocument;
  constructor(problem: ProblemDocument) {
    super(problem.detail);
    this.name = 'ApiRefused';
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** WATCHKEEPER_URL. */
  readonly url: string;
  /** WATCHKEEPER_TOKEN, or where a token that is valid now comes from; null: none is sent. */
  readonly token: string | (() => Promise<string>) | null;
  /** What the program says of itself. */
  readonly userAgent?: string;
  /** For a whole request; 10 seconds when absent. */
  readonly timeoutMs?: number;
}

export interface ApiClient {
  /**
   * `path` starts with /v1/. With a key (`Idempotency-Key`) it is sent again where the answer is missing: it takes effect once. Throws
   * ApiRefused and ApiUnavailable; never follows a redirect with the token.
   */
  request<T>(method: 'GET' | 'POST' | 'DELETE', path: string, answer: z.ZodType<T>, body?: unknown, key?: string): Promise<T>;
}

/** Who asks, in headers. */
export async function callerHeaders({ token, userAgent }: ClientOptions): Promise<Record<string, string>> {
  const bearer = typeof token === 'function' ? await token() : token;
  return {
    ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
    ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

async function send(options: ClientOptions, { method, path, body, key }: Asked): Promise<{ ok: boolean; status: number; text: string }> {
  const headers = {
    ...(await callerHeaders(options)),
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  };
  try {
    const response = await fetch(new URL(path, options.url), {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    throw new ApiUnavailable(unreachable(new URL(options.url).host, error), error);
  }
}

function decode(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What an answer that is no success means. */
export function refusalOf(status: number, text: string): ApiRefused | ApiUnavailable {
  const problem = ProblemDocument.safeParse(decode(text));
  return problem.success ? new ApiRefused(problem.data) : new ApiUnavailable(`unexpected answer with status ${status}`);
}

/** The text of a success. */
async function once(options: ClientOptions, asked: Asked): Promise<string> {
  const response = await send(options, asked);
  if (!response.ok) throw refusalOf(response.status, response.text);
  return response.text;
}

/** Milliseconds before a request with a key is sent again. */
const waitsMs = [300, 1_500];

/** Another try may be answered: it did not get there, its answer did not get here, or it is still under way. After a 5xx of the API the key counts no more. */
function passes(error: unknown): boolean {
  return error instanceof ApiUnavailable || (error instanceof ApiRefused && error.problem.code === 'in_progress');
}

async function answered(options: ClientOptions, asked: Asked): Promise<string> {
  for (const waitMs of asked.key === undefined ? [] : waitsMs) {
    try {
      return await once(options, asked);
    } catch (error) {
      if (!passes(error)) throw error;
      await sleep(waitMs);
    }
  }
  return once(options, asked);
}

export function createApiClient(options: ClientOptions): ApiClient {
  return {
    async request(method, path, answer, body, key) {
      const parsed = answer.safeParse(decode(await answered(options, { method, path, body, key })));
      if (!parsed.success) throw new ApiUnavailable('the answer is not as this version expects', parsed.error);
      return parsed.data;
    },
  };
}

/** Content-addressed, so sending again is harmless; the caller retries. */
export function createHttpObservationSink(client: ApiClient): ObservationSink {
  return {
    async put(observation) {
      const id = contentHash(observation);
      await client.request('POST', '/v1/observations', z.object({ id: z.literal(id) }), { id, observation });
      return id;
    },
  };
}

/** Never retries: after a lost answer the grant may be used up, and the next claim says so. Everything but `claimed` and `already_claimed` throws. */
export function createHttpGrantLedger(client: ApiClient): GrantLedger {
  return {
    async claim(claims, runner) {
      const Claimed = z.object({ state: z.literal('claimed'), planId: z.literal(claims.planId), stepId: z.literal(claims.stepId) });
      try {
        await client.request('POST', `/v1/grants/${encodeURIComponent(claims.jti)}/claim`, Claimed, { runner });
        return 'claimed';
      } catch (error) {
        if (error instanceof ApiRefused && error.problem.code === 'already_claimed') return 'already_claimed';
        throw error;
      }
    },
  };
}

/** Tried once: the refusal stands without it, and the caller waits. */
export function createHttpGrantRefusals(client: ApiClient): GrantRefusals {
  return {
    async report(jti, refusal) {
      await client.request('POST', `/v1/grants/${encodeURIComponent(jti ?? noGrant)}/refusals`, z.null(), refusal);
    },
  };
}
