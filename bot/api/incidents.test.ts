import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingOf, seed } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

describe('incidents', () => {
  test('are opened, shown and listed page by page', async () => {
    const opened = await t.call('POST', '/v1/incidents', { token: t.admin, body: { title: 'checkout fails', service: 'checkout' } });
    expect(opened.statusCode).toBe(201);
    const { id } = opened.json();
    expect(opened.headers.location).toBe(`/v1/incidents/${id}`);
    expect(opened.json()).toMatchObject({ title: 'checkout fails', state: 'queued', outcome: null, planIds: [], slack: null });
    await seed(t.store);
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const page: { items: { id: string }[]; next: string | null } = (
        await t.call('GET', `/v1/incidents?limit=1${next === '' ? '' : `&cursor=${next}`}`, { token: t.admin })
      ).json();
      seen.push(...page.items.map((item) => item.id));
      next = page.next;
    }
    expect(seen).toContain(id);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test.each([
    [{}, '/title'],
    [{ title: '' }, '/title'],
    [{ title: 'x', nope: 1 }, ''],
    [{ title: 'x', site: '-bad' }, '/site'],
  ])('a wrong body %j names the place', async (body, pointer) => {
    const response = await t.call('POST', '/v1/incidents', { token: t.admin, body });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  test.each([
    ['not JSON', 'application/json', '{', 400],
    ['no JSON type', 'text/plain', 'x', 415],
    ['too much', 'application/json', JSON.stringify({ title: 'x', text: 'y'.repeat(300_000) }), 413],
  ])('%s is a problem document', async (_what, type, payload, status) => {
    const response = await t.api.inject({
      method: 'POST',
      url: '/v1/incidents',
      headers: { authorization: `Bearer ${t.admin}`, 'content-type': type },
      payload,
    });
    expect(response.statusCode).toBe(status);
    expect(response.json()).toMatchObject({ status, type: 'about:blank' });
  });

  test('have a timeline, an evidence graph and their plan', async () => {
    const { incident, before, plan, requestHash } = await seed(t.store);
    const finding = findingOf(before, { id: 'f1' });
    await t.store.findings.save(incident.id, [finding]);
    const timeline = (await t.call('GET', `/v1/incidents/${incident.id}/timeline`, { token: t.admin })).json();
    expect(timeline.items.map((item: { body: { kind: string } }) => item.body.kind)).toEqual([
      'incident.opened',
      'observation.stored',
      'policy.decided',
      'plan.proposed',
      'finding.saved',
    ]);
    const graph = (await t.call('GET', `/v1/incidents/${incident.id}/evidence`, { token: t.admin })).json();
    expect(graph.edges).toEqual([
      { from: before, to: 'f1', relation: 'supports', note: 'ErrImagePull' },
      { from: 'rollout:shop/shop/checkout/3', to: 'f1', relation: 'caused', note: null },
      { from: 'f1', to: `${plan.id}/s1`, relation: 'caused', note: null },
      { from: before, to: `${plan.id}/s1`, relation: 'supports', note: null },
    ]);
    const shown = (await t.call('GET', `/v1/plans/${plan.id}`, { token: t.admin })).json();
    expect(shown).toMatchObject({
      id: plan.id,
      incidentId: incident.id,
      state: 'pending',
      requestHash,
      approvals: { needed: 1, votes: [] },
      expiresAt: plan.expiresAt,
    });
    expect(shown.steps[0]).toMatchObject({
      id: 's1',
      tier: 'medium',
      argv: ['kubectl', 'rollout', 'undo', 'deployment/checkout', '--to-revision=2'],
    });
    const pending = (await t.call('GET', '/v1/approvals?state=pending', { token: t.admin })).json();
    expect(pending.items.map((item: { id: string }) => item.id)).toContain(plan.id);
    expect((await t.call('GET', `/v1/incidents/${incident.id}`, { token: t.admin })).json().planIds).toEqual([plan.id]);
  });

  test.each([
    ['image/svg+xml', '<svg '],
    ['image/webp, image/png;q=0.9, application/json;q=0.1', '\u0089PNG'],
    ['*/*', '{"nodes"'],
  ])('their evidence is a picture for who accepts one: %s', async (accept, start) => {
    const { incident } = await seed(t.store);
    const answer = await t.call('GET', `/v1/incidents/${incident.id}/evidence?theme=dark`, { token: t.admin, headers: { accept } });
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload.toString('latin1').slice(0, start.length)).toBe(start);
  });

  test('are cancelled once they are open, and not after', async () => {
    const { incident } = await seed(t.store);
    expect((await t.call('POST', `/v1/incidents/${incident.id}/cancel`, { token: t.admin })).statusCode).toBe(202);
    await t.store.incidents.close(incident.id, 'cancelled', '');
    expect((await t.call('POST', `/v1/incidents/${incident.id}/cancel`, { token: t.admin })).statusCode).toBe(409);
    expect((await t.call('POST', '/v1/incidents/nope/cancel', { token: t.admin })).statusCode).toBe(404);
  });
});
