import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

describe('service tokens', () => {
  test('are made, used, listed without their secret, and revoked', async () => {
    const made = await t.call('POST', '/v1/service-tokens', { token: t.admin, body: { name: 'ci', scopes: ['read'] } });
    expect(made.statusCode).toBe(201);
    const { token, secret } = made.json();
    expect((await t.call('GET', '/v1/incidents', { token: secret })).statusCode).toBe(200);
    expect((await t.call('GET', '/v1/service-tokens', { token: t.admin })).body).not.toContain(secret);
    expect((await t.call('DELETE', `/v1/service-tokens/${token.id}`, { token: t.admin })).statusCode).toBe(204);
    expect((await t.call('DELETE', `/v1/service-tokens/${token.id}`, { token: t.admin })).statusCode).toBe(404);
    expect((await t.call('GET', '/v1/incidents', { token: secret })).statusCode).toBe(401);
  });

  test('have known scopes only', async () => {
    expect((await t.call('POST', '/v1/service-tokens', { token: t.admin, body: { name: 'x', scopes: ['everything'] } })).statusCode).toBe(
      400,
    );
  });
});

test('tools are listed with tier, input and what they lack', async () => {
  const { items } = (await t.call('GET', '/v1/tools', { token: t.admin })).json();
  expect(items.find((tool: { name: string }) => tool.name === 'kubernetes.rollout_undo')).toMatchObject({
    kind: 'write',
    tier: 'medium',
    rollback: true,
    input: { type: 'object' },
  });
});

test('the OpenAPI document names every public route, and errors share one shape', async () => {
  const document = (await t.call('GET', '/v1/openapi.json', { token: t.admin })).json();
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/healthz',
      '/readyz',
      '/v1/incidents',
      '/v1/incidents/{id}',
      '/v1/plans/{id}/votes',
      '/v1/audit/entries',
      '/v1/audit/entries/{seq}/proof',
      '/v1/audit/checkpoints',
      '/v1/audit/verify',
      '/v1/service-tokens',
      '/v1/grants/{id}/claim',
    ]),
  );
});

test('health tells of each part, without a token', async () => {
  expect((await t.call('GET', '/healthz')).json()).toEqual({ ok: true });
  expect((await t.call('GET', '/metrics')).statusCode).toBe(200);
  const state = { ok: false, parts: { database: { ok: true }, temporal: { ok: false, detail: 'no answer' } } };
  t.controls.readiness = async () => state;
  const response = await t.call('GET', '/readyz');
  expect([response.statusCode, response.json()]).toEqual([503, state]);
});

test('a fault of ours tells nothing but its request id', async () => {
  t.controls.readiness = () => Promise.reject(new Error('password=hunter2'));
  const response = await t.call('GET', '/readyz');
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('hunter2');
  expect(response.json().requestId).toBe(response.headers['x-request-id']);
});

test('a database that is away is 503, and says that nothing was stored', async () => {
  const away = await createTestApi();
  await away.db.force(`REVOKE CONNECT ON DATABASE ${new URL(away.db.url).pathname.slice(1)} FROM PUBLIC`);
  await away.db.force(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename = 'watchkeeper_app'",
  );
  const response = await away.call('GET', '/v1/incidents', { token: away.admin });
  expect([response.statusCode, response.json().code]).toEqual([503, 'store_unavailable']);
  await away.close();
});
