import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alice } from '../store/fixtures.ts';
import { Scope } from './principal.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

describe('without a valid token', () => {
  test.each([
    ['nothing', undefined],
    ['an empty header', ''],
    // CVE-2026-28229: any word in place of a token was taken for one.
    ['an unknown token', 'Bearer nothing'],
    ['undefined', 'Bearer undefined'],
    ['null', 'Bearer null'],
    ['a word without a scheme', 'nothing'],
    ['a comma list', 'Bearer nothing, Bearer nothing'],
    ['no token', 'Bearer '],
    ['another scheme', 'Basic d2s6d2s='],
    ['two tokens', 'Bearer wk_a wk_b'],
    ['an injection', "Bearer wk_' OR 1=1"],
    ['a made-up secret', `Bearer wk_${'x'.repeat(43)}`],
  ])('%s is 401 with words, on every route', async (_what, authorization) => {
    for (const url of ['/v1/incidents', '/v1/audit/entries', '/v1/openapi.json', '/v1/nope', '/v1/plans/x']) {
      const response = await t.api.inject({ url, headers: authorization === undefined ? {} : { authorization } });
      expect([url, response.statusCode]).toEqual([url, 401]);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.headers['www-authenticate']).toMatch(/^Bearer /);
      expect(response.json()).toMatchObject({ status: 401, code: 'unauthorized', requestId: response.headers['x-request-id'] });
      expect(response.json().detail).toMatch(/token/i);
      if (authorization !== undefined && authorization.length > 10) expect(response.body).not.toContain(authorization.slice(7));
    }
  });

  test('a revoked and an expired token get the answer of an unknown one', async () => {
    const { token, secret } = await t.store.tokens.create({ name: 'revoked', scopes: ['read'], expiresAt: null }, alice);
    await t.store.tokens.revoke(token.id, alice);
    const expired = await t.store.tokens.create({ name: 'expired', scopes: ['read'], expiresAt: new Date(Date.now() - 1) }, alice);
    const details = [];
    for (const bad of [secret, expired.secret, 'wk_unknown']) {
      const response = await t.call('GET', '/v1/incidents', { token: bad });
      details.push([response.statusCode, response.json().detail]);
    }
    expect(new Set(details.map(String)).size).toBe(1);
    expect(details[0]?.[0]).toBe(401);
  });

  test('no body is read', async () => {
    const response = await t.call('POST', '/v1/incidents', { body: { title: 'x'.repeat(400_000) } });
    expect(response.statusCode).toBe(401);
  });
});

test.each<[Scope, 'GET' | 'POST' | 'DELETE', string]>([
  ['read', 'GET', '/v1/incidents'],
  ['read', 'GET', '/v1/plans/x'],
  ['read', 'GET', '/v1/audit/entries'],
  ['read', 'GET', '/v1/audit/entries/1/proof'],
  ['read', 'GET', '/v1/audit/checkpoints'],
  ['read', 'POST', '/v1/audit/verify'],
  ['read', 'GET', '/v1/tools'],
  ['tools:call', 'POST', '/v1/tools/call'],
  ['read', 'GET', '/v1/approvals'],
  ['incidents:write', 'POST', '/v1/incidents'],
  ['incidents:write', 'POST', '/v1/incidents/x/cancel'],
  ['observations:write', 'POST', '/v1/observations'],
  ['observations:write', 'POST', '/v1/runners'],
  ['grants:claim', 'POST', '/v1/grants/x/claim'],
  ['grants:claim', 'POST', '/v1/grants/x/refusals'],
  ['read', 'GET', '/v1/outbox'],
  ['outbox:write', 'POST', '/v1/outbox/1/retry'],
  ['tokens:admin', 'GET', '/v1/service-tokens'],
  ['tokens:admin', 'POST', '/v1/service-tokens'],
  ['tokens:admin', 'DELETE', '/v1/service-tokens/x'],
])('the scope %s is needed for %s %s', async (scope, method, url) => {
  const others = await t.tokenWith(...Scope.options.filter((other) => other !== scope));
  const response = await t.call(method, url, { token: others });
  expect(response.statusCode).toBe(403);
  expect(response.json()).toMatchObject({ code: 'missing_scope', detail: `This needs the scope ${scope}.` });
});

test('no token reaches the log', () => {
  expect(t.controls.logged.length).toBeGreaterThan(10);
  expect(t.controls.logged.join('')).not.toContain('wk_');
});
