import type { ToolErrorCode } from './contract.ts';
import type { HttpCommand } from './operation.ts';

export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string; readonly truncated: boolean }
  | { readonly kind: 'failed'; readonly code: Extract<ToolErrorCode, 'timeout' | 'cancelled' | 'unreachable'> };

export interface HttpLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly maxOutputBytes: number;
}

/** The whole URL of a command at a configured base; a path in the base is kept. */
export function urlOf(base: string, command: HttpCommand): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${command.path}`;
  for (const [name, value] of Object.entries(command.query)) url.searchParams.append(name, value);
  return url;
}

/** Redirects are refused: the base URL is configured, where it leads is not. */
export async function request(
  url: URL,
  { method, body }: Pick<HttpCommand, 'method' | 'body'>,
  headers: Readonly<Record<string, string>>,
  limits: HttpLimits,
): Promise<HttpResult> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal]);
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  try {
    const response = await fetch(url, {
      ...{ method, signal, redirect: 'error', headers: { accept: 'application/json', ...content, ...headers } },
      ...(body === undefined ? {} : { body }),
    });
    return { kind: 'answered', status: response.status, ...(await readHead(response, limits.maxOutputBytes)) };
  } catch {
    if (limits.signal?.aborted) return { kind: 'failed', code: 'cancelled' };
    return { kind: 'failed', code: timeout.aborted ? 'timeout' : 'unreachable' };
  }
}

async function readHead(response: Response, limit: number): Promise<{ body: string; truncated: boolean }> {
  const chunks: Uint8Array[] = [];
  let kept = 0;
  for await (const chunk of response.body ?? []) {
    if (kept + chunk.length > limit) return { body: Buffer.concat(chunks).toString('utf8'), truncated: true };
    chunks.push(chunk);
    kept += chunk.length;
  }
  return { body: Buffer.concat(chunks).toString('utf8'), truncated: false };
}
