import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentHash } from '../../tools/canonical.ts';
import { noIncident } from '../../tools/contract.ts';
import { newIncident, observationOf, seed } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

const make = (body: object) => t.call('POST', '/v1/service-tokens', { token: t.admin, body: { name: 'x', ...body } });

async function limited(body: object): Promise<string> {
  const made = await make(body);
  expect(made.statusCode).toBe(201);
  return made.json().secret;
}

test('a limit that would not hold, or that nothing is within, is refused in words', async () => {
  const reaching = await make({ scopes: ['tools:call', 'read', 'tokens:admin'], sites: ['shop'] });
  expect([reaching.statusCode, reaching.json().code]).toEqual([422, 'not_limitable']);
  expect(reaching.json().detail).toMatch(/^read, tokens:admin cannot be limited to sites/);
  expect((await make({ scopes: ['incidents:write'], operations: ['kubernetes.get'] })).json().code).toBe('not_limitable');
  expect((await make({ scopes: ['tools:call'], operations: ['kubernetes.gett'] })).json().code).toBe('unknown_operation');
  expect((await make({ scopes: ['tools:call'], sites: [] })).statusCode).toBe(400);
});

test("a runner's token posts and claims for its own site only", async () => {
  const { incident, plan } = await seed(t.store);
  const grant = { planId: plan.id, stepId: 's1', site: 'shop', operation: 'kubernetes.rollout_undo', inputSha256: contentHash({}) };
  const jti = 'g1';
  await t.store.plans.issueGrant({ ...grant, jti, exp: Math.floor(Date.now() / 1000) + 300 });
  const shop = await limited({ scopes: ['observations:write', 'grants:claim'], sites: ['shop'], operations: ['kubernetes.*'] });
  const bank = await limited({ scopes: ['observations:write', 'grants:claim'], sites: ['bank'] });
  const observation = observationOf(incident.id);
  const post = (token: string) => t.call('POST', '/v1/observations', { token, body: { id: contentHash(observation), observation } });
  expect((await post(bank)).json()).toMatchObject({ status: 403, code: 'outside_limits', detail: 'This token is for bank only.' });
  expect((await post(shop)).statusCode).toBe(201);
  const claim = (token: string) => t.call('POST', `/v1/grants/${jti}/claim`, { token, body: { runner: 'r' } });
  expect((await claim(bank)).json().code).toBe('outside_limits');
  expect((await claim(shop)).json().code).not.toBe('outside_limits');
  const query = { ...observation, operation: 'prometheus.query' };
  const other = await t.call('POST', '/v1/observations', { token: shop, body: { id: contentHash(query), observation: query } });
  expect(other.json().detail).toBe('This token is for kubernetes.* only.');
});

test('a token for a site opens and cancels incidents there only, and has to name it', async () => {
  const token = await limited({ scopes: ['incidents:write'], sites: ['shop'] });
  const open = (body: object) => t.call('POST', '/v1/incidents', { token, body: { title: 'x', ...body } });
  expect((await open({ site: 'bank' })).statusCode).toBe(403);
  expect((await open({})).json().detail).toBe('This token is for shop only: name the site.');
  expect((await open({ site: 'shop' })).statusCode).toBe(201);
  const elsewhere = (await t.store.incidents.open(newIncident({ site: 'bank' }), { kind: 'person', id: 'alice' })).incident.id;
  expect((await t.call('POST', `/v1/incidents/${elsewhere}/cancel`, { token })).statusCode).toBe(403);
});

test('an observation outside of any incident is stored as that', async () => {
  const observation = observationOf(noIncident);
  const id = contentHash(observation);
  const token = await t.tokenWith('observations:write');
  expect((await t.call('POST', '/v1/observations', { token, body: { id, observation } })).statusCode).toBe(201);
  expect((await t.call('GET', `/v1/observations/${id}`, { token: t.admin })).json()).toEqual(observation);
});
