import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InboxEvent } from '../ports.ts';
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
