import { type FailureKind, nothingUsed, ProviderFailed, type TokenUse } from './provider.ts';

/** What the SDKs tell of a refusal, in the words that both share. */
export interface Refusal {
  readonly status: number | undefined;
  /** `code` or `type` of the error's body. */
  readonly code: string | null;
  readonly message: string;
  readonly headers: Headers | undefined;
}

const byCode: Readonly<Record<string, FailureKind>> = {
  insufficient_quota: 'quota',
  usage_limit_reached: 'quota',
  usage_not_included: 'quota',
  billing_error: 'quota',
  model_not_found: 'model',
  not_found_error: 'model',
  context_length_exceeded: 'context',
  request_too_large: 'context',
  invalid_api_key: 'auth',
  authentication_error: 'auth',
  permission_error: 'auth',
  rate_limit_error: 'rate',
  rate_limit_exceeded: 'rate',
  overloaded_error: 'overloaded',
  api_error: 'overloaded',
  server_error: 'overloaded',
  timeout_error: 'overloaded',
};

function byStatus(status: number | undefined): FailureKind {
  if (status === undefined) return 'unreachable';
  if (status === 401 || status === 403) return 'auth';
  if (status === 402) return 'quota';
  if (status === 404) return 'model';
  if (status === 408 || status === 409 || status >= 500) return 'overloaded';
  if (status === 413) return 'context';
  return status === 429 ? 'rate' : 'request';
}

/** Milliseconds: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfter(headers: Headers | undefined, now: number): number | null {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(ms)) return Math.max(0, ms);
  const header = headers?.get('retry-after') ?? '';
  const seconds = Number.parseFloat(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** An answer of these is not the provider's own: what stands before it gave up waiting, and the provider may have gone on. */
const gaveUpWaiting: ReadonlySet<number> = new Set([408, 499, 502, 504, 520, 522, 524]);

/** Providers charge for what they answer, not for what they refuse. An error without a status came after an answer had begun. */
function chargedOf(status: number | undefined): TokenUse | null {
  return status === undefined || status < 400 || gaveUpWaiting.has(status) ? null : nothingUsed;
}

/** Nothing was sent: the name does not resolve, nobody listens, or its certificate is refused. */
const neverSent = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|.*_CERT.*)$/;

/** A connection that could not be made, or broke. */
export function disconnected(error: Error): ProviderFailed {
  const codes: unknown[] = [];
  for (let cause: unknown = error; cause instanceof Error && codes.length < 5; cause = cause.cause)
    codes.push('code' in cause && cause.code);
  const sent = !codes.some((code) => typeof code === 'string' && neverSent.test(code));
  return new ProviderFailed('unreachable', { charged: sent ? null : nothingUsed, cause: error });
}

/** `told`: what the provider says that it used, where it does. */
export function refused({ status, code, message, headers }: Refusal, cause: unknown, told: TokenUse | null = null): ProviderFailed {
  const said = code === null ? undefined : byCode[code];
  const tooLong = /context (?:length|window)|prompt is too long|too many tokens|maximum context/i.test(message);
  const kind = tooLong && (status === 400 || status === undefined) ? 'context' : (said ?? byStatus(status));
  return new ProviderFailed(kind, { retryAfterMs: retryAfter(headers, Date.now()), charged: told ?? chargedOf(status), cause });
}
