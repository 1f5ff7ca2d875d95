import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAlert, type NewAlert } from '../store/alerts.ts';
import { alice, newIncident } from '../store/fixtures.ts';
import { uuidv7 } from '../store/id.ts';
import { inTransaction } from '../store/pool.ts';
import { createTestApi, type TestApi } from './testing.ts';

let api: TestApi;
let id: string;
const alertOf = (index: number): NewAlert => ({
  ...{ id: uuidv7(new Date()), incidentId: id, source: 'pagerduty', externalId: `Q${index}`, fingerprint: 'f', scope: 'service:checkout' },
  ...{ service: 'checkout', site: null, namespace: null, labels: {}, changes: [], severity: 'P1', urgency: 'high', url: null },
  ...{ title: `alert ${index}`, joinedBy: 'service', status: 'firing', endsAt: null },
  statusAt: '2026-01-01T10:00:00.000Z',
  startsAt: '2026-01-01T10:00:00.000Z',
});
beforeAll(async () => {
  api = await createTestApi();
  id = (await api.store.incidents.open(newIncident(), alice)).incident.id;
  for (let index = 0; index < 60; index += 1) await inTransaction(api.db.pool, (tx) => insertAlert(tx, alertOf(index)));
});
afterAll(() => api.close());

test('an incident comes with how many alerts it has, and the first of them', async () => {
  const answer = await api.call('GET', `/v1/incidents/${id}`, { token: api.admin });
  const { alerts } = answer.json() as { alerts: { counts: object; items: object[] } };
  expect(alerts.counts).toEqual({ firing: 60, acknowledged: 0, resolved: 0 });
  expect(alerts.items).toHaveLength(50);
  expect(alerts.items[0]).toMatchObject({
    externalId: 'Q0',
    service: 'checkout',
    joinedBy: 'service',
    startsAt: '2026-01-01T10:00:00.000Z',
  });
});

test('all of them are listed page by page, none twice', async () => {
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const answer = await api.call('GET', `/v1/incidents/${id}/alerts?limit=25${cursor === '' ? '' : `&cursor=${cursor}`}`, {
      token: api.admin,
    });
    const page = answer.json() as { items: { externalId: string }[]; next: string | null };
    seen.push(...page.items.map(({ externalId }) => externalId));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => `Q${index}`));
});

test('of an incident that is not there, and without the scope, there is no list', async () => {
  expect((await api.call('GET', '/v1/incidents/none/alerts', { token: api.admin })).statusCode).toBe(404);
  const token = await api.tokenWith('alerts:write');
  expect((await api.call('GET', `/v1/incidents/${id}/alerts`, { token })).statusCode).toBe(403);
});
