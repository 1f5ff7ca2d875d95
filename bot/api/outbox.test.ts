import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../store/fixtures.ts';
import { createTestApi, type TestApi } from './testing.ts';

let t: TestApi;
beforeAll(async () => {
  t = await createTestApi();
});
afterAll(() => t.close());

test('dead letters are listed page by page, with what waits in each queue', async () => {
  const { incident } = await seed(t.store);
  await t.db.force("UPDATE outbox SET state = 'refused', batch = decision_id, last_error = 'unknown team' WHERE sink = 'linear'");
  await t.db.force("UPDATE outbox SET created_at = now() - interval '2 minutes' WHERE sink = 'pagerduty'");
  const token = await t.tokenWith('read');
  const first = (await t.call('GET', '/v1/outbox?state=refused&limit=2', { token })).json();
  expect(first.items).toMatchObject([
    { sink: 'linear', kind: 'incident.opened', incidentId: incident.id, state: 'refused', lastError: 'unknown team' },
    { sink: 'linear', kind: 'policy.decided', state: 'refused' },
  ]);
  const second = (await t.call('GET', `/v1/outbox?state=refused&limit=2&cursor=${first.next}`, { token })).json();
  expect([second.items.map(({ kind }: { kind: string }) => kind), second.next]).toEqual([['plan.proposed'], null]);
  expect(first.sinks).toMatchObject([
    { sink: 'linear', pending: 0, refused: 3, oldestSeconds: 0 },
    { sink: 'pagerduty', pending: 3, refused: 0 },
    { sink: 'pagerduty_actions', pending: 1, refused: 0 },
  ]);
  expect(first.sinks[1].oldestSeconds).toBeGreaterThanOrEqual(120);
  const ofIncident = (await t.call('GET', `/v1/outbox?incident=${incident.id}&sink=pagerduty`, { token })).json();
  expect(ofIncident.items).toHaveLength(3);
  expect((await t.call('GET', '/v1/outbox?state=lost', { token })).statusCode).toBe(400);
});

test('a dead letter is sent again by whoever may, and what is none is not found', async () => {
  const [dead] = await t.store.outbox.list({ state: 'refused' }, 0, 1);
  const token = await t.tokenWith('outbox:write');
  const answer = await t.call('POST', `/v1/outbox/${dead?.id}/retry`, { token });
  expect([answer.statusCode, answer.json()]).toEqual([202, { ids: [dead?.id] }]);
  expect((await t.store.outbox.list({ state: 'pending', sink: 'linear' }, 0, 10)).map(({ id }) => id)).toEqual([dead?.id]);
  for (const id of [dead?.id, 999_999]) {
    const again = await t.call('POST', `/v1/outbox/${id}/retry`, { token });
    expect([again.statusCode, again.json().detail]).toEqual([404, `There is no dead letter ${id}.`]);
  }
  expect((await t.call('POST', '/v1/outbox/x/retry', { token })).statusCode).toBe(400);
  const [entry] = await t.store.audit.list({ kind: 'outbox.retried' }, 0, 10);
  expect(entry?.body).toMatchObject({
    actor: { kind: 'service_token' },
    incidentId: dead?.incidentId,
    data: { sink: 'linear', rows: String(dead?.id) },
  });
});
