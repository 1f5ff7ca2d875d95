import type { ToolErrorCode } from './contract.ts';
import type { HttpCommand } from './operation.ts';
import type { RunnerSite } from './ports.ts';

export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string; readonly truncated: boolean }
  | { readonly kind: 'failed'; readonly code: Extract<ToolErrorCode, 'timeout' | 'cancelled' | 'unreachable'> };

export interface HttpLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly maxOutputBytes: number;
}

/** Base URL of a service of the site; null: not configured. */
export function baseUrl(site: RunnerSite, service: string): string | null {
  if (service === 'alertmanager') return site.alertmanager?.url ?? null;
  return service === 'prometheus' ? (site.prometheus?.url ?? null) : null;
}

/** The whole URL of a command at a configured base; a path in the base is kept. */
export function urlOf(base: string, command: HttpCommand): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${command.path}`;
  for (const [name, value] of Object.entries(command.query)) url.searchParams.append(name, value);
  return url;
}

/** Redirects are refused: the base URL is configured, where it leads is not. */
export async function request(url: URL, method: HttpCommand['method'], limits: HttpLimits): Promise<HttpResult> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = limits.signal === undefined ? timeout : AbortSignal.any([timeout, limits.signal]);
  try {
    const response = await fetch(url, { method, signal, redirect: 'error', headers: { accept: 'application/json' } });
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
