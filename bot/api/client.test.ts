import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import { observationOf, seed } from '../store/fixtures.ts';
import { createApiClient, createHttpGrantLedger, createHttpObservationSink } from './client.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

describe("the runner's client", () => {
  test('stores observations by content and claims a grant once', async () => {
    const { incident, plan } = await seed(t.store);
    const address = await t.api.listen({ host: '127.0.0.1', port: 0 });
    const client = createApiClient({ url: address, token: await t.tokenWith('observations:write', 'grants:claim') });
    const sink = createHttpObservationSink(client);
    const observation = observationOf(incident.id);
    expect(await sink.put(observation)).toBe(contentHash(observation));
    expect(await sink.put(observation)).toBe(contentHash(observation));
    await expect(sink.put(observationOf('nope'))).rejects.toMatchObject({ code: 'api_refused', problem: { status: 422 } });

    const exp = Math.floor(Date.now() / 1000) + 300;
    const claims = {
      jti: 'g1',
      iat: exp - 300,
      exp,
      requestHash: contentHash(plan),
      planId: plan.id,
      stepId: 's1',
      operation: 'kubernetes.rollout_undo',
      inputSha256: sha256Hex('x'),
      site: 'shop',
      policyBundle: sha256Hex('b'),
    };
    const ledger = createHttpGrantLedger(client);
    await expect(ledger.claim(claims, 'runner-1')).rejects.toMatchObject({ problem: { status: 404 } });
    await t.store.plans.issueGrant(claims);
    await t.store.plans.settle(claims.planId, { kind: 'automatic' }, 'test');
    await t.store.plans.settle(claims.planId, { kind: 'start' }, 'test');
    expect((await Promise.all([1, 2, 3].map(() => ledger.claim(claims, 'runner-1')))).toSorted()).toEqual([
      'already_claimed',
      'already_claimed',
      'claimed',
    ]);
  });

  test('a wrong address is refused by the server', async () => {
    const { incident } = await seed(t.store);
    const response = await t.call('POST', '/v1/observations', {
      token: t.admin,
      body: { id: sha256Hex('other'), observation: observationOf(incident.id) },
    });
    expect([response.statusCode, response.json().code]).toEqual([422, 'wrong_address']);
  });

  test('throws when nothing answers, or something else does', async () => {
    const nobody = createHttpGrantLedger(createApiClient({ url: 'http://127.0.0.1:1', token: 'wk_made-up', timeoutMs: 500 }));
    const claims = {
      jti: 'g',
      iat: 0,
      exp: 1,
      requestHash: sha256Hex(''),
      planId: 'p',
      stepId: 's',
      operation: 'a.b',
      inputSha256: sha256Hex(''),
      site: 's',
      policyBundle: sha256Hex(''),
    };
    await expect(nobody.claim(claims, 'r')).rejects.toMatchObject({ code: 'api_unavailable' });
  });
});
