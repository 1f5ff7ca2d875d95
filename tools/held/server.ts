import { readFile } from 'node:fs/promises';
import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { z } from 'zod';
import { SiteIncomplete } from '../errors.ts';
import type { VaultLogin } from './settings.ts';

export interface VaultRequest {
  readonly method: 'GET' | 'POST';
  /** Below /v1/. */
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
}

export interface VaultAnswer {
  readonly status: number;
  /** Null: no JSON. */
  readonly body: unknown;
  /** What the server says is wrong, on one line; empty where it says nothing. */
  readonly words: string;
}

/** Throws SiteIncomplete when there is no answer, or none that counts: sealed, away, somewhere else. */
export type AskVault = (request: VaultRequest) => Promise<VaultAnswer>;

/** Milliseconds for one answer. */
const timeoutMs = 5_000;

const mostBytes = 1024 * 1024;

const Errors = z.object({ errors: z.array(z.string()) });

/** Asks the configured address and no other: where it redirects to is not followed. */
export function createAskVault({ address, namespace, caCert }: VaultLogin): AskVault {
  return async ({ method, path, token, body }) => {
    const url = new URL(address);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${path}`;
    const headers = {
      ...{ accept: 'application/json', 'x-vault-request': 'true' },
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      ...(token === undefined ? {} : { 'x-vault-token': token }),
    };
    const sent = await send(url, { method, headers, ca: await authorityIn(caCert), body: body && JSON.stringify(body) });
    return counted(address, sent);
  };
}

async function authorityIn(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return await readFile(path, 'utf8').catch(() => {
    throw new SiteIncomplete(`no certificate can be read in ${path}: correct credentials.vault.caCert`);
  });
}

interface Sending {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ca: string | undefined;
  readonly body: string | undefined;
}

interface Sent {
  readonly status: number;
  readonly text: string;
}

async function send(url: URL, { method, headers, ca, body }: Sending): Promise<Sent> {
  const signal = AbortSignal.timeout(timeoutMs);
  const all =
    body === undefined ? headers : { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
  try {
    return await new Promise<Sent>((resolve, reject) => {
      const options = { method, headers: all, signal, agent: false, ...(ca === undefined ? {} : { ca }) };
      const outgoing = (url.protocol === 'https:' ? requestSecure : requestPlain)(url, options, (answer) => {
        const chunks: Buffer[] = [];
        let kept = 0;
        answer.on('data', (chunk: Buffer) => {
          kept += chunk.length;
          if (kept > mostBytes) outgoing.destroy(new Error('too large'));
          else chunks.push(chunk);
        });
        answer.once('error', reject);
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  } catch (error) {
    const why = signal.aborted ? 'in time' : `(${codeOf(error)})`;
    throw new SiteIncomplete(`Vault at ${url.origin} does not answer ${why}: see whether it can be reached from the runner`, 'unreachable');
  }
}

/** `ECONNREFUSED`, `DEPTH_ZERO_SELF_SIGNED_CERT` …: never the error's message, which may quote what the other side sent. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no usable answer';
}

function counted(address: string, { status, text }: Sent): VaultAnswer {
  if (status >= 300 && status < 400)
    throw new SiteIncomplete(
      `Vault at ${address} answers with a redirect: name the place where it answers by itself in credentials.vault.address`,
    );
  const body = jsonIn(text);
  const words = (Errors.safeParse(body).data?.errors.join('; ') ?? '').replace(/\s+/g, ' ').slice(0, 200);
  if (status === 429) throw new SiteIncomplete(`Vault at ${address} is asked too often`, 'throttled');
  if (status >= 472) {
    const todo = /sealed/.test(words) ? 'it is sealed: unseal it' : words || `status ${status}`;
    throw new SiteIncomplete(`Vault at ${address} cannot answer: ${todo}`, 'unreachable');
  }
  return { status, body, words };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
