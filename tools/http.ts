import { fetchTrusting } from './authority.ts';
import type { ToolErrorCode } from './contract.ts';
import type { HttpCommand } from './operation.ts';

export type HttpResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Of a media type that was asked for: base64. */
      readonly body: string;
      readonly encoded: boolean;
      readonly truncated: boolean;
      /** Seconds, as a server that is asked too often says them; null: it does not. */
      readonly retryAfter: number | null;
    }
  | { readonly kind: 'failed'; readonly code: Extract<ToolErrorCode, 'timeout' | 'cancelled' | 'unreachable'> };

export interface HttpLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly maxOutputBytes: number;
  /** Certificates in PEM of authorities that are trusted beside those of the machine. */
  readonly authority?: string | undefined;
}

/** The whole URL of a command at a configured base; a path in the base is kept. */
export function urlOf(base: string, command: HttpCommand): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${command.path}`;
  for (const [name, value] of Object.entries(command.query)) url.searchParams.append(name, value);
  return url;
}

/** A path with a value in the place of a placeholder, as one part of it. */
export function pathWith(path: string, placeholder: string, value: string): string {
  return path
    .split('/')
    .map((part) => (part === placeholder ? encodeURIComponent(value) : part))
    .join('/');
}

/** Redirects are refused: the base URL is configured, where it leads is not. */
export async function request(
  url: URL,
  { method, body, accept, headers: own }: Pick<HttpCommand, 'method' | 'body' | 'accept' | 'headers'>,
  headers: Readonly<Record<string, string>>,
  limits: HttpLimits,
): Promise<HttpResult> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal]);
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const all = { accept: accept ?? 'application/json', ...content, ...own, ...headers };
    const sent = { method, signal, headers: all, ...(body === undefined ? {} : { body }) };
    const response = await (limits.authority === undefined || url.protocol !== 'https:'
      ? fetch(url, { ...sent, redirect: 'error' })
      : fetchTrusting(limits.authority, url, sent));
    const { bytes, truncated } = await readHead(response, limits.maxOutputBytes);
    const encoded = accept !== undefined && response.ok && response.headers.get('content-type')?.split(';')[0] === accept;
    return {
      kind: 'answered',
      status: response.status,
      body: bytes.toString(encoded ? 'base64' : 'utf8'),
      encoded,
      truncated,
      retryAfter: secondsIn(response),
    };
  } catch {
    if (limits.signal?.aborted) return { kind: 'failed', code: 'cancelled' };
    return { kind: 'failed', code: timeout.aborted ? 'timeout' : 'unreachable' };
  }
}

/** `Retry-After` in seconds; the date that it may be instead is not read. */
function secondsIn(response: Response): number | null {
  const value = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(value) ? Number(value) : null;
}

async function readHead(response: Response, limit: number): Promise<{ bytes: Buffer; truncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let kept = 0;
  for await (const chunk of response.body ?? []) {
    if (kept + chunk.length > limit) return { bytes: Buffer.concat(chunks), truncated: true };
    chunks.push(chunk);
    kept += chunk.length;
  }
  return { bytes: Buffer.concat(chunks), truncated: false };
}
