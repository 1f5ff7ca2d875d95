import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxEvent } from '../ports.ts';
import { alice, newIncident } from './fixtures.ts';
import { enqueue } from './outbox.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

const wake = (dedupeKey: string): InboxEvent => ({ kind: 'wake', dedupeKey, incidentId: 'i1', reason: 'vote' });
const past = () => new Date(Date.now() - 1_000);
const later = () => new Date(Date.now() + 60_000);

test('an event is stored once per source and key, with its secrets masked', async () => {
  const origin = { team: 'T1', channel: 'C1', user: 'U1', ts: '1.1', threadTs: null };
  const mention: InboxEvent = { kind: 'slack.mention', dedupeKey: 'e1', origin, text: 'hunter2\0', direct: false };
  const answers = await Promise.all(Array.from({ length: 4 }, () => store.inbox.receive(mention)));
  expect(answers.filter((fresh) => fresh)).toHaveLength(1);
  expect(await store.inbox.receive({ ...wake('e1') })).toBe(true);
  const [leased] = await store.inbox.lease(1);
  expect(leased?.event).toEqual({ ...mention, text: '[masked]' });
  for (const event of [leased, ...(await store.inbox.lease(10))]) await store.inbox.handled(event?.id ?? 0);
});

test('two workers never lease the same event; a lease that ran out is given again', async () => {
  for (let n = 0; n < 20; n += 1) await store.inbox.receive(wake(`w${n}`));
  const leases = (await Promise.all(Array.from({ length: 8 }, () => store.inbox.lease(5)))).flat();
  expect(leases).toHaveLength(20);
  expect(new Set(leases.map((lease) => lease.id)).size).toBe(20);
  expect(await store.inbox.lease(5)).toEqual([]);
  await db.force("UPDATE inbox SET lease_until = now() - interval '1 second' WHERE handled_at IS NULL");
  const again = await store.inbox.lease(50);
  expect(again.map((lease) => lease.attempts)).toEqual(Array(20).fill(2));
  for (const lease of again) await store.inbox.handled(lease.id);
});

test('a failed event waits for its time', async () => {
  await store.inbox.receive(wake('f1'));
  const [first] = await store.inbox.lease(1);
  await store.inbox.failed(first?.id ?? 0, 'hunter2 refused', later());
  expect(await store.inbox.lease(1)).toEqual([]);
  expect(new Date((await store.inbox.nextAt()) ?? 0).getTime()).toBeGreaterThan(Date.now() + 30_000);
  expect((await db.force(`SELECT last_error FROM inbox WHERE id = ${first?.id}`)).rows).toEqual([{ last_error: '[masked] refused' }]);
  await store.inbox.failed(first?.id ?? 0, 'again', past());
  expect(await store.inbox.lease(1)).toHaveLength(1);
});

const incidentWith = async (decisions: readonly string[]) => {
  const { incident } = await store.incidents.open(newIncident(), alice);
  for (const decisionId of decisions)
    await inTransaction(db.pool, (tx) =>
      enqueue(tx, { decisionId, incidentId: incident.id, kind: decisionId, body: { at: '', actor: alice, planId: null, data: {} } }, [
        'linear',
      ]),
    );
  return incident.id;
};

const drain = async () => {
  for (;;) {
    const rows = await store.outbox.lease('linear', 100);
    if (rows.length === 0) return;
    for (const row of rows) await store.outbox.sent(row.id, null);
  }
};

test('within an incident a row waits for those before it; another incident does not', async () => {
  await drain();
  const [one, two] = [await incidentWith(['a1', 'a2']), await incidentWith(['b1'])];
  const first = await store.outbox.lease('linear', 10);
  expect(first.map((row) => [row.incidentId, row.kind])).toEqual([
    [one, 'incident.opened'],
    [two, 'incident.opened'],
  ]);
  expect(await store.outbox.lease('linear', 10)).toEqual([]);
  const [ofOne, ofTwo] = first;
  await store.outbox.failed(ofOne?.id ?? 0, 'away', later());
  await store.outbox.sent(ofTwo?.id ?? 0, 'peer-1');
  expect((await store.outbox.lease('linear', 10)).map((row) => row.kind)).toEqual(['b1']);
  await store.outbox.failed(ofOne?.id ?? 0, 'away', past());
  const sent: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const rows = await store.outbox.lease('linear', 10);
    sent.push(...rows.map((row) => row.kind));
    for (const row of rows) await store.outbox.sent(row.id, null);
  }
  expect(sent).toEqual(['incident.opened', 'a1', 'a2']);
});

test('a refused row no longer holds up the next', async () => {
  await drain();
  await incidentWith(['c1']);
  const [row] = await store.outbox.lease('linear', 10);
  await store.outbox.refused(row?.id ?? 0, 'unknown team');
  expect((await store.outbox.lease('linear', 10)).map((next) => next.kind)).toEqual(['c1']);
});

test('a decision is queued once per sink, and a sent row is not sent again', async () => {
  await drain();
  const incidentId = await incidentWith(['d1', 'd1']);
  const count = await db.force(`SELECT FROM outbox WHERE incident_id = '${incidentId}' AND decision_id = 'd1'`);
  expect(count.rowCount).toBe(1);
  await drain();
  await store.outbox.failed((await db.force(`SELECT id FROM outbox WHERE decision_id = 'd1'`)).rows[0].id, 'late answer', past());
  expect(await store.outbox.lease('linear', 10)).toEqual([]);
});

test('a later decision of an incident is not sent before an earlier one that is still being committed', async () => {
  await drain();
  const { incident } = await store.incidents.open(newIncident(), alice);
  await drain();
  const message = (decisionId: string) => ({
    decisionId,
    incidentId: incident.id,
    kind: decisionId,
    body: { at: '', actor: alice, planId: null, data: {} },
  });
  const gate = new EventEmitter();
  const queued = once(gate, 'queued');
  const first = inTransaction(db.pool, async (tx) => {
    await enqueue(tx, message('o1'), ['linear']);
    gate.emit('queued');
    await once(gate, 'commit');
  });
  await queued;
  const second = inTransaction(db.pool, (tx) => enqueue(tx, message('o2'), ['linear'])).then(() => 'committed');
  const waits = async () => {
    while ((await db.force("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).rowCount === 0) await setImmediate();
    return 'waits';
  };
  expect(await Promise.race([second, waits()])).toBe('waits');
  gate.emit('commit');
  await Promise.all([first, second]);
  for (const kind of ['o1', 'o2']) {
    const rows = await store.outbox.lease('linear', 10);
    expect(rows.map((row) => row.kind)).toEqual([kind]);
    for (const row of rows) await store.outbox.sent(row.id, null);
  }
});

test('a listener hears of both queues, and again after its connection is cut', async () => {
  const bus = new EventEmitter();
  const subscription = store.onNotify((queue) => bus.emit(queue));
  try {
    await once(bus, 'outbox');
    const heard = once(bus, 'inbox');
    await store.inbox.receive(wake('n1'));
    await heard;
    const reconnected = once(bus, 'outbox');
    await db.force(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'watchkeeper-notify'",
    );
    await reconnected;
    const again = once(bus, 'inbox');
    await store.inbox.receive(wake('n2'));
    await again;
  } finally {
    await subscription.close();
  }
});
