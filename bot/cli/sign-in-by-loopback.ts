import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { html } from '../web/html.ts';
import { contentSecurityPolicy, page } from '../web/page.ts';
import { type SignIn, SignInFailed } from './sign-in.ts';
import { resourceOf } from './tokens-of-issuer.ts';

/** Milliseconds that a person has. */
const patienceMs = 5 * 60_000;

const done = page({ title: 'You can go back to the terminal', body: html`<p>This page can be closed.</p>` });

function answer(response: ServerResponse): void {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': contentSecurityPolicy(), connection: 'close' };
  response.writeHead(200, headers).end(done);
}

/** The first request to the callback with this state; other programs of this machine may send others. */
function comingBack(server: Server, origin: string, state: string): Promise<URL> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('nobody signed in within five minutes')), patienceMs);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const current = URL.parse(request.url ?? '/', origin);
      if (current?.pathname !== '/callback' || current.searchParams.get('state') !== state) return response.writeHead(404).end();
      answer(response);
      clearTimeout(late);
      return resolve(current);
    });
  });
}

/** RFC 8252: the person signs in with a browser on this machine, which comes back to a port of ours. */
export const signInByLoopback: SignIn = async (configuration, { audience, scopes }, out) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [verifier, state, nonce] = [randomPKCECodeVerifier(), randomState(), randomNonce()];
  const parameters = {
    redirect_uri: `${origin}/callback`,
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...resourceOf(audience),
  };
  try {
    const back = comingBack(server, origin, state);
    out.note(`Open this address in a browser on this machine:\n${buildAuthorizationUrl(configuration, parameters).href}`);
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    return await authorizationCodeGrant(configuration, await back, checks, resourceOf(audience));
  } catch (error) {
    throw new SignInFailed(error);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};
