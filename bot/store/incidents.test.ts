import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice, findingOf, newIncident, observationOf } from './fixtures.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

const thread = (threadTs: string) => ({ team: 'T1', channel: 'C1', threadTs });

test('twenty openings of one key make one incident, one audit entry and one outbox row per sink', async () => {
  const opened = await Promise.all(Array.from({ length: 20 }, () => store.incidents.open(newIncident({ key: 'k1' }), alice)));
  const ids = new Set(opened.map((one) => one.incident.id));
  expect(ids.size).toBe(1);
  expect(opened.filter((one) => one.created)).toHaveLength(1);
  const [id = ''] = ids;
  expect(await store.audit.list({ incidentId: id }, 0, 10)).toMatchObject([{ body: { kind: 'incident.opened', actor: alice } }]);
  expect((await db.force(`SELECT sink FROM outbox WHERE incident_id = '${id}' ORDER BY sink`)).rows).toEqual([
    { sink: 'linear' },
    { sink: 'pagerduty' },
  ]);
});

test('one Slack thread is one incident, found by team, channel and thread', async () => {
  const first = await store.incidents.open(newIncident({ slack: thread('1.1') }), alice);
  const second = await store.incidents.open(newIncident({ slack: thread('1.1') }), alice);
  expect(second).toEqual({ incident: first.incident, created: false });
  expect(await store.incidents.byThread(thread('1.1'))).toEqual(first.incident);
  expect(await store.incidents.byThread({ ...thread('1.1'), team: 'T2' })).toBeNull();
});

test('a closed incident keeps its first outcome and opens again only by reopen', async () => {
  const { incident } = await store.incidents.open(newIncident(), alice);
  await store.incidents.transition(incident.id, 'investigating');
  const closed = await store.incidents.close(incident.id, 'resolved', 'undone');
  expect(closed).toMatchObject({ state: 'closed', outcome: 'resolved' });
  expect(await store.incidents.close(incident.id, 'failed', 'late')).toEqual(closed);
  await expect(store.incidents.transition(incident.id, 'executing')).rejects.toMatchObject({ code: 'invalid_transition' });
  expect(await store.incidents.requestCancel(incident.id, alice)).toBe(false);
  expect(await store.incidents.reopen(incident.id, alice)).toBe(true);
  expect(await store.incidents.get(incident.id)).toMatchObject({ state: 'queued', outcome: null, closedAt: null });
  const kinds = (await store.audit.list({ incidentId: incident.id }, 0, 10)).map((entry) => entry.body.kind);
  expect(kinds).toEqual(['incident.opened', 'incident.investigating', 'incident.closed', 'incident.reopened']);
});

test('a repeated state is not a change', async () => {
  const { incident } = await store.incidents.open(newIncident(), alice);
  await store.incidents.transition(incident.id, 'investigating');
  await store.incidents.transition(incident.id, 'investigating');
  expect(await store.audit.list({ incidentId: incident.id, kind: 'incident.investigating' }, 0, 10)).toHaveLength(1);
});

test('a cancellation is noted once, with who asked', async () => {
  const { incident } = await store.incidents.open(newIncident(), alice);
  expect(await store.incidents.cancelRequestedBy(incident.id)).toBeNull();
  expect(await store.incidents.requestCancel(incident.id, alice)).toBe(true);
  expect(await store.incidents.requestCancel(incident.id, { kind: 'person', id: 'bob' })).toBe(true);
  expect(await store.incidents.cancelRequestedBy(incident.id)).toBe('person:alice');
});

test('a thread is set once', async () => {
  const { incident } = await store.incidents.open(newIncident(), alice);
  await store.incidents.setThread(incident.id, thread('2.1'));
  await store.incidents.setThread(incident.id, thread('2.1'));
  await expect(store.incidents.setThread(incident.id, thread('2.2'))).rejects.toMatchObject({ code: 'invalid_transition' });
  expect((await store.incidents.get(incident.id)).slack).toEqual(thread('2.1'));
});

test('the list is newest first and its cursor neither repeats nor skips', async () => {
  const all = await store.incidents.list(null, 1_000);
  const paged: string[] = [];
  for (let after: string | null = null; ; ) {
    const page: readonly { id: string }[] = await store.incidents.list(after, 2);
    if (page.length === 0) break;
    paged.push(...page.map((incident) => incident.id));
    after = page.at(-1)?.id ?? null;
  }
  expect(paged).toEqual(all.map((incident) => incident.id));
  expect(all.map((incident) => incident.createdAt)).toEqual(
    all
      .map((incident) => incident.createdAt)
      .toSorted()
      .reverse(),
  );
});

test('secrets and what Postgres refuses are taken out of title, text, audit and outbox', async () => {
  const { incident } = await store.incidents.open(newIncident({ title: 'hunter2\0 \ud800', text: 'x hunter2' }), alice);
  expect(incident).toMatchObject({ title: '[masked] \ufffd', text: 'x [masked]' });
  const rows = await db.force(
    `SELECT convert_from(body, 'UTF8') AS text FROM audit_entries UNION ALL SELECT body::text FROM outbox UNION ALL SELECT title || body FROM incidents`,
  );
  expect(JSON.stringify(rows.rows)).not.toContain('hunter2');
});

test('an unknown id is NotFound', async () => {
  await expect(store.incidents.get('nope')).rejects.toMatchObject({ code: 'not_found' });
  await expect(store.incidents.transition('nope', 'queued')).rejects.toMatchObject({ code: 'not_found' });
});

test('an incident that names no service or site is listed under what its surest finding names', async () => {
  const [silent, named] = [
    await store.incidents.open(newIncident({ service: null, site: null }), alice),
    await store.incidents.open(newIncident({ service: 'cart-v9', site: 'here' }), alice),
  ].map(({ incident }) => incident.id);
  const entity = (name: string) => ({ site: `at-${name}`, kind: 'deployment', namespace: 'shop', name });
  for (const id of [silent, named]) {
    const seen = await store.observations.put(observationOf(id ?? ''));
    const [sure, unsure] = [findingOf(seen, { entity: entity('pay-v9') }), findingOf(seen, { entity: entity('node-v9'), confidence: 0.1 })];
    await store.findings.save(id ?? '', [unsure, sure]);
  }
  const under = async (filter: object) => (await store.incidents.list(null, 10, filter)).map(({ id }) => id);
  expect(await under({ service: 'pay-v9' })).toEqual([silent]);
  expect(await under({ service: 'pay-v9', site: 'at-pay-v9' })).toEqual([silent]);
  expect(await under({ service: 'node-v9' })).toEqual([]);
  expect(await under({ service: 'cart-v9' })).toEqual([named]);
});
