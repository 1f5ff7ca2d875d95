import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { addressRule, guardedLookup, type Resolve, resolveAll } from './addresses.ts';
import { hostOf, shownUrl } from './bundle-url.ts';
import { BundleRefused } from './refused.ts';

export interface DownloadOptions {
  /** Sent as bearer token; null: none is needed. */
  readonly token: string | null;
  /** CIDR; addresses that are not public and may be asked all the same. */
  readonly networks: readonly string[];
  /** Milliseconds for the whole of it, redirects included. */
  readonly timeoutMs: number;
  /** Bytes. */
  readonly largest: number;
  readonly resolve?: Resolve;
}

export type Download = { readonly kind: 'unchanged' } | { readonly kind: 'body'; readonly body: Buffer; readonly etag: string | null };

const mostRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);

function get(url: URL, headers: Record<string, string>, options: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const rule = addressRule(url, options.networks);
  const host = hostOf(url);
  const refusal = isIP(host) === 0 ? null : rule(host);
  if (refusal !== null) throw new BundleRefused(refusal);
  const lookup = guardedLookup(rule, options.resolve ?? resolveAll);
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    // No agent: nothing is kept open between two looks.
    request(url, { headers, lookup, signal, agent: false }, resolve).on('error', reject).end();
  });
}

/** The token goes to the origin that the configuration names, and to no other. */
function nextUrl(url: URL, response: IncomingMessage): URL {
  const next = URL.parse(response.headers.location ?? '', url);
  if (next === null) throw new BundleRefused(`${shownUrl(url)} redirects to nowhere`);
  if (next.origin !== url.origin)
    throw new BundleRefused(`${shownUrl(url)} redirects to ${next.origin}: name that in policy.bundle, if it is right`);
  return next;
}

function failure(url: URL, status: number): BundleRefused {
  const hint = status === 401 || status === 403 ? ': POLICY_BUNDLE_TOKEN is missing, or not accepted there' : '';
  return new BundleRefused(`${shownUrl(url)} answers ${status}${hint}`);
}

async function bodyOf(url: URL, response: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new BundleRefused(`${shownUrl(url)} sends more than ${largest / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function follow(start: URL, etag: string | null, options: DownloadOptions, signal: AbortSignal): Promise<Download> {
  const headers = {
    accept: 'application/gzip, application/octet-stream;q=0.9, */*;q=0.1',
    ...(options.token !== null && { authorization: `Bearer ${options.token}` }),
    ...(etag !== null && { 'if-none-match': etag }),
  };
  let url = start;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const response = await get(url, headers, options, signal);
    try {
      const status = response.statusCode ?? 0;
      if (status === 200) return { kind: 'body', body: await bodyOf(url, response, options.largest), etag: response.headers.etag ?? null };
      if (status === 304 && etag !== null) return { kind: 'unchanged' };
      if (!redirects.has(status)) throw failure(url, status);
      url = nextUrl(url, response);
    } finally {
      response.destroy();
    }
  }
  throw new BundleRefused(`${shownUrl(start)} redirects more than ${mostRedirects} times`);
}

/** Gets what is at a URL, unless it is what `etag` names. Throws BundleRefused, in words that hold no secret. */
export async function download(url: URL, etag: string | null, options: DownloadOptions): Promise<Download> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    return await follow(url, etag, options, signal);
  } catch (error) {
    if (error instanceof BundleRefused) throw error;
    if (signal.aborted) throw new BundleRefused(`${shownUrl(url)} did not answer within ${options.timeoutMs / 1_000} s`, error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new BundleRefused(`${shownUrl(url)} cannot be reached (${code})`, error);
  }
}
