import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { clean } from '../../../tools/clean.ts';
import { type CodexAuth, CodexLoginNeeded } from './auth-file.ts';
import { exchange } from './exchange.ts';
import { codexClientId, codexIssuer } from './tokens.ts';

/** Milliseconds that a person has. */
const patienceMs = 15 * 60_000;

/** The only port that the public client may come back to. */
const callbackPort = 1455;

export interface CodexLogin {
  readonly issuer?: string;
  readonly port?: number;
  /** Tells the person what to do. */
  readonly say: (line: string) => void;
}

const base64url = (bytes: Buffer) => bytes.toString('base64url');

/** RFC 7636: authorization code with PKCE; the browser of this machine comes back to a port of ours. */
export async function loginByBrowser({ issuer = codexIssuer, port = callbackPort, say }: CodexLogin): Promise<CodexAuth> {
  const verifier = base64url(randomBytes(48));
  const state = base64url(randomBytes(24));
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const redirectUri = `http://localhost:${(server.address() as AddressInfo).port}/auth/callback`;
  const address = new URL('/oauth/authorize', issuer);
  address.search = new URLSearchParams({
    response_type: 'code',
    client_id: codexClientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: base64url(createHash('sha256').update(verifier).digest()),
    code_challenge_method: 'S256',
    state,
    id_token_add_organizations: 'true',
    codex_cli_simplified_flow: 'true',
    originator: 'watchkeeper',
  }).toString();
  const back = new Promise<URL>((resolve, reject) => {
    const late = setTimeout(() => reject(new CodexLoginNeeded('nobody signed in within 15 minutes')), patienceMs);
    server.on('request', (request, response) => {
      const url = URL.parse(request.url ?? '/', redirectUri);
      if (url?.pathname !== '/auth/callback' || url.searchParams.get('state') !== state) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/plain', connection: 'close' }).end('This page can be closed.');
      clearTimeout(late);
      return resolve(url);
    });
  });
  try {
    say(`Open this address in a browser on this machine:\n${address.href}`);
    const code = (await back).searchParams.get('code');
    if (code === null) throw new CodexLoginNeeded('the sign-in was refused');
    return await exchange(issuer, { code, verifier, redirectUri });
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const Device = z.object({ device_auth_id: z.string(), user_code: z.string(), interval: z.coerce.number().default(5) });
const Granted = z.object({ authorization_code: z.string(), code_verifier: z.string() });

const post = (issuer: string, path: string, body: unknown) =>
  fetch(new URL(path, issuer), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(20_000),
  });

/** The person signs in on any device, and types in the code that is shown here. */
export async function loginByDevice({ issuer = codexIssuer, say }: CodexLogin): Promise<CodexAuth> {
  const answer = await post(issuer, '/api/accounts/deviceauth/usercode', { client_id: codexClientId });
  const device = Device.safeParse(await answer.json().catch(() => null));
  if (!device.success) throw new CodexLoginNeeded(`a sign-in by code is not offered (status ${answer.status})`);
  const { device_auth_id, user_code, interval } = device.data;
  say(`Open ${new URL('/codex/device', issuer).href} on any device, and type in the code: ${clean(user_code)}`);
  let pauseMs = Math.max(interval * 1_000, 10);
  for (const end = Date.now() + patienceMs; Date.now() < end; await delay(pauseMs)) {
    const polled = await post(issuer, '/api/accounts/deviceauth/token', { device_auth_id, user_code });
    const body: unknown = await polled.json().catch(() => null);
    const granted = Granted.safeParse(body);
    if (polled.ok && granted.success) {
      const { authorization_code: code, code_verifier: verifier } = granted.data;
      return exchange(issuer, { code, verifier, redirectUri: new URL('/deviceauth/callback', issuer).href });
    }
    const words = JSON.stringify(body);
    if (words.includes('slow_down')) pauseMs *= 2;
    else if (polled.status !== 403 && polled.status !== 404 && !words.includes('authorization_pending'))
      throw new CodexLoginNeeded(`the sign-in was refused (status ${polled.status})`);
  }
  throw new CodexLoginNeeded('nobody signed in within 15 minutes');
}
