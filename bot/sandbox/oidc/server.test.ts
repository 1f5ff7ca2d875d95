import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silent } from '../../store/testing.ts';
import { type Browser, callback, cliConfiguration, createBrowser, signIn, signInAtCommandLine } from './hands.ts';
import { type LocalOidc, startOidc } from './server.ts';

const audience = 'urn:watchkeeper:api';
const accounts = [
  { subject: 'alice', name: 'Alice', email: 'alice@shop.example', groups: ['sre'] },
  { subject: 'bob', name: 'Bob <b>', email: 'bob@shop.example', groups: [] },
];

let directory: string;
let server: LocalOidc;
const start = () => startOidc({ host: '127.0.0.1', port: 0, dataFile: join(directory, 'oidc.sqlite'), audience, accounts, log: silent });
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'watchkeeper-oidc-'));
  server = await start();
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const verified = async (token: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${server.issuer}/jwks`)), { issuer: server.issuer, audience, typ: 'at+jwt' });
const asCli = () => cliConfiguration(server);
const tokensOf = (account: string, browser?: Browser) => signInAtCommandLine(server, audience, account, browser);

test('a person who is chosen on the page gets a JWT for the API, with groups and the time of the sign-in', async () => {
  const before = Math.floor(Date.now() / 1_000);
  const { tokens } = await tokensOf('alice');
  const { payload } = await verified(tokens.access_token);
  expect(payload).toMatchObject({ sub: 'alice', groups: ['sre'], email: 'alice@shop.example', email_verified: true });
  expect(payload['auth_time']).toBeGreaterThanOrEqual(before);
  expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: server.cliClientId, groups: ['sre'], auth_time: payload['auth_time'] });
});

test('PKCE is required, and names are text', async () => {
  const config = await asCli();
  const browser = createBrowser(callback);
  const without = await browser.open(oidc.buildAuthorizationUrl(config, { redirect_uri: callback, scope: 'openid' }).href);
  expect(new URL(without.url).searchParams.get('error')).toBe('invalid_request');
  const page = await browser.open(
    oidc.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).href,
  );
  expect(page.text).toContain('Bob &lt;b&gt;');
  expect(page.text).toContain('no password');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('what was issued stays valid over a restart, on the same address', async () => {
  const { tokens, config } = await tokensOf('alice');
  const before = server.issuer;
  await server.close();
  server = await start();
  expect(server.issuer).toBe(before);
  // The connection that was kept open to the first one has ended.
  await fetch(server.issuer).catch(() => {});
  await verified(tokens.access_token);
  const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });
  const { payload } = await verified(again.access_token);
  expect(payload['auth_time']).toBe((await verified(tokens.access_token)).payload['auth_time']);
});

test('max_age asks again when the sign-in is older', async () => {
  const browser = createBrowser(callback);
  const { config } = await tokensOf('alice', browser);
  const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: callback, scope: 'openid', max_age: '0', ...challenge }).href;
  await expect.poll(async () => (await browser.open(url)).text, { timeout: 5_000 }).toContain('who are you?');
});

test('the device flow gives the command line its tokens', async () => {
  const config = await asCli();
  const device = await oidc.initiateDeviceAuthorization(config, { scope: 'openid offline_access', resource: audience });
  const browser = createBrowser();
  const asked = await browser.submit(await browser.open(device.verification_uri), { user_code: device.user_code });
  expect(asked.text).toContain(device.user_code);
  const done = await signIn(browser, await browser.submit(asked), 'bob');
  expect(done.text).toContain('is signed in');
  const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...device, interval: 0.1 }, { resource: audience });
  expect(decodeProtectedHeader(tokens.access_token).typ).toBe('at+jwt');
  expect((await verified(tokens.access_token)).payload).toMatchObject({ sub: 'bob', auth_time: expect.any(Number) });
});

test('only this machine is answered, and nothing is printed', async () => {
  const printed = [vi.spyOn(console, 'info'), vi.spyOn(console, 'warn')];
  await tokensOf('alice');
  const foreign = await fetch(server.issuer, { headers: { origin: 'https://elsewhere.example' } });
  expect(foreign.status).toBe(403);
  for (const spy of printed) expect(spy).not.toHaveBeenCalled();
});
