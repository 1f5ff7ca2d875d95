import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import { observationOf, seed } from '../store/fixtures.ts';
import { createApiClient, createHttpGrantLedger, createHttpGrantRefusals, createHttpObservationSink } from './client.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

let address: string | null = null;
const listening = async () => {
  address ??= await t.api.listen({ host: '127.0.0.1', port: 0 });
  return address;
};

const refusalsOnRecord = async () =>
  (await t.store.audit.list({ kind: 'grant.refused' }, 0, 100)).map(({ body, data }) => ({ ...body, data }));

describe("the runner's client", () => {
  test('stores observations by content and claims a grant once', async () => {
    const { incident, plan } = await seed(t.store);
    const address = await listening();
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
    const codes = (await refusalsOnRecord()).map(({ data }) => data['code']);
    expect(codes).toEqual(['unknown_grant', 'already_claimed', 'already_claimed']);
  });

  test('what a runner refused is audited, with what the grant was issued for', async () => {
    const { incident, plan } = await seed(t.store);
    const address = await listening();
    const client = createApiClient({ url: address, token: await t.tokenWith('grants:claim') });
    const refusals = createHttpGrantRefusals(client);
    const before = (await refusalsOnRecord()).length;
    const exp = Math.floor(Date.now() / 1000) + 300;
    await t.store.plans.issueGrant({
      jti: 'g2',
      planId: plan.id,
      stepId: 's1',
      site: 'shop',
      operation: 'kubernetes.rollout_undo',
      inputSha256: sha256Hex('x'),
      exp,
    });
    const told = {
      code: 'other_input',
      runner: 'shop',
      incidentId: incident.id,
      operation: 'kubernetes.scale',
      at: '2026-01-01T10:00:00.000Z',
    } as const;
    await refusals.report('g2', told);
    await refusals.report('hunter2', { ...told, code: 'bad_signature' });
    await refusals.report(null, { ...told, code: 'missing', incidentId: 'nobody-knows' });
    const entries = (await refusalsOnRecord()).slice(before);
    expect(entries).toMatchObject([
      { incidentId: incident.id, planId: plan.id, data: { code: 'other_input', jti: 'g2', step: 's1', operation: 'kubernetes.scale' } },
      { incidentId: incident.id, planId: null, data: { code: 'bad_signature', statedId: '[masked]', runnerTime: told.at } },
      { incidentId: null, data: { code: 'missing', message: 'the grant is missing: a write needs one' } },
    ]);
    expect(entries.every(({ actor }) => actor.kind === 'service_token')).toBe(true);
    const rows = await t.store.outbox.list({ incidentId: incident.id }, 0, 100);
    expect(rows.filter(({ kind }) => kind === 'grant.refused').map(({ sink }) => sink)).toEqual([
      'linear',
      'pagerduty',
      'linear',
      'pagerduty',
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
