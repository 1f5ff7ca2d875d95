import { z } from 'zod';
import { authorityIn } from '../authority.ts';
import { SiteIncomplete } from '../errors.ts';
import { type HttpResult, request } from '../http.ts';
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

/** Asks the configured address and no other: where it redirects to is not followed. */
export function createAskVault({ address, namespace, caCert }: VaultLogin): AskVault {
  return async ({ method, path, token, body }) => {
    const url = new URL(address);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${path}`;
    const headers = {
      'x-vault-request': 'true',
      ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
      ...(token === undefined ? {} : { 'x-vault-token': token }),
    };
    const authority = caCert === undefined ? undefined : await authorityIn(caCert, 'credentials.vault');
    const sent = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await request(url, sent, headers, { timeoutMs, maxOutputBytes: mostBytes, authority });
    if (answer.kind === 'answered') return counted(address, answer);
    const how = answer.code === 'timeout' ? ' in time' : '';
    throw new SiteIncomplete(
      `Vault at ${address} does not answer${how}, or only by a redirect, or with a certificate that is not trusted: see curl -sS ${address}/v1/sys/health where the runner runs, then correct credentials.vault`,
      'unreachable',
    );
  };
}

const Errors = z.object({ errors: z.array(z.string()) });

function counted(address: string, { status, body: text, truncated }: Extract<HttpResult, { kind: 'answered' }>): VaultAnswer {
  const body = truncated ? null : jsonIn(text);
  const words = (Errors.safeParse(body).data?.errors.join('; ') ?? '').replace(/\s+/g, ' ').slice(0, 200);
  if (status === 429) throw new SiteIncomplete(`Vault at ${address} is asked too often`, 'throttled');
  if (status < 472) return { status, body, words };
  const why = /sealed/.test(words) ? 'it is sealed: unseal it' : words || `status ${status}`;
  throw new SiteIncomplete(`Vault at ${address} cannot answer: ${why}`, 'unreachable');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
