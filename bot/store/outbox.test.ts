import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Route } from '../mirrors/routes.ts';
import { alice, newIncident } from './fixtures.ts';
import { enqueue } from './outbox.ts';
import { longestBatch, type OutboxBatch } from './outbox-lease.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store({ sinks: [] });
});
afterAll(() => db.close());
beforeEach(async () => {
  await db.force('TRUNCATE outbox');
});

const past = () => new Date(Date.now() - 1_000);
const later = () => new Date(Date.now() + 60_000);

const own: Route = { sink: 'linear', waits: false, alone: true };
const joined: Route = { sink: 'linear', waits: false, alone: false };
const line: Route = { sink: 'linear', waits: true, alone: false };

const message = (incidentId: string, decisionId: string) => ({
  decisionId,
  incidentId,
  kind: decisionId,
  body: { at: '', actor: alice, planId: null, data: {} },
});

async function add(incidentId: string, decisions: Readonly<Record<string, Route>>): Promise<void> {
  for (const [decision, route] of Object.entries(decisions))
    await inTransaction(db.pool, (tx) => enqueue(tx, message(incidentId, decision), [route], 60));
}

async function incidentWith(decisions: Readonly<Record<string, Route>>): Promise<string> {
  const { incident } = await store.incidents.open(newIncident(), alice);
  await add(incident.id, decisions);
  return incident.id;
}

const lease = (limit = 10) => store.outbox.lease('linear', limit);
const kindsOf = (batches: readonly OutboxBatch[]) => batches.map((batch) => batch.rows.map((row) => row.kind));
const idsOf = (batches: readonly OutboxBatch[]) => batches.flatMap((batch) => batch.rows.map((row) => row.id));

/** Everything that can be sent now, message by message. */
async function drain(): Promise<readonly (readonly string[])[]> {
  const sent: (readonly string[])[] = [];
  for (;;) {
    const batches = await lease(100);
    if (batches.length === 0) return sent;
    sent.push(...kindsOf(batches));
    await store.outbox.sent(idsOf(batches), null);
  }
}

describe('order', () => {
  test('within an incident a row waits for those before it; another incident does not', async () => {
    const [one, two] = [await incidentWith({ a1: own, a2: own, a3: own }), await incidentWith({ b1: own, b2: own })];
    const first = await lease();
    expect(first.map(({ rows: [row] }) => [row.incidentId, row.kind])).toEqual([
      [one, 'a1'],
      [two, 'b1'],
    ]);
    expect(await lease()).toEqual([]);
    const [ofOne, ofTwo] = idsOf(first);
    await store.outbox.failed([ofOne ?? 0], 'away', later());
    await store.outbox.sent([ofTwo ?? 0], 'peer-1');
    expect(kindsOf(await lease())).toEqual([['b2']]);
    await store.outbox.failed([ofOne ?? 0], 'away', past());
    expect(await drain()).toEqual([['a1'], ['a2'], ['a3']]);
  });

  test('a refused row no longer holds up the next', async () => {
    await incidentWith({ c1: own, c2: own });
    await store.outbox.refused(idsOf(await lease()), 'unknown team');
    expect(kindsOf(await lease())).toEqual([['c2']]);
  });

  test('a decision is queued once per sink, and a sent row is not sent again', async () => {
    const incidentId = await incidentWith({ d1: own });
    await add(incidentId, { d1: own });
    const leased = await lease();
    expect(kindsOf(leased)).toEqual([['d1']]);
    await store.outbox.sent(idsOf(leased), null);
    await store.outbox.failed(idsOf(leased), 'late answer', past());
    expect(await lease()).toEqual([]);
  });

  test('a later decision of an incident is not sent before an earlier one that is still being committed', async () => {
    const incidentId = await incidentWith({});
    const gate = new EventEmitter();
    const queued = once(gate, 'queued');
    const first = inTransaction(db.pool, async (tx) => {
      await enqueue(tx, message(incidentId, 'o1'), [own], 0);
      gate.emit('queued');
      await once(gate, 'commit');
    });
    await queued;
    const second = inTransaction(db.pool, (tx) => enqueue(tx, message(incidentId, 'o2'), [own], 0)).then(() => 'committed');
    const waits = async () => {
      while ((await db.force("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).rowCount === 0) await setImmediate();
      return 'waits';
    };
    expect(await Promise.race([second, waits()])).toBe('waits');
    gate.emit('commit');
    await Promise.all([first, second]);
    expect(await drain()).toEqual([['o1'], ['o2']]);
  });
});

describe('one message of several decisions', () => {
  test('lines wait for company, and go when their time is over', async () => {
    const incidentId = await incidentWith({ a: line, b: line });
    expect(await lease()).toEqual([]);
    await db.force(`UPDATE outbox SET waits_until = now() WHERE incident_id = '${incidentId}'`);
    expect(await drain()).toEqual([['a', 'b']]);
  });

  test('one that does not wait takes those before it along, and one that stands alone sends them ahead', async () => {
    await incidentWith({ a: line, b: line, c: joined, d: line, e: own, f: line });
    expect(await drain()).toEqual([['a', 'b', 'c', 'd'], ['e']]);
  });

  test('a full message does not wait', async () => {
    const lines = Object.fromEntries(Array.from({ length: longestBatch + 5 }, (_, index) => [`l${index}`, line]));
    await incidentWith(lines);
    const sent = await drain();
    expect(sent.map((one) => one.length)).toEqual([longestBatch]);
  });

  test('what it is made of stays the same after a crash, whatever comes in meanwhile', async () => {
    const incidentId = await incidentWith({ a: joined, b: joined });
    const [before] = await lease();
    expect(before?.key).toBe('a..b');
    await add(incidentId, { c: joined });
    await db.force("UPDATE outbox SET lease_until = now() - interval '1 second'");
    const [again] = await lease();
    expect([again?.key, kindsOf(again === undefined ? [] : [again])]).toEqual(['a..b', [['a', 'b']]]);
    expect(again?.rows[0].attempts).toBe(2);
    await store.outbox.sent(idsOf(again === undefined ? [] : [again]), null);
    expect(await drain()).toEqual([['c']]);
  });

  test('is taken by one process at a time', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => incidentWith({ [`x${index}`]: joined, [`y${index}`]: joined })));
    const leased = (await Promise.all(Array.from({ length: 5 }, () => lease(4)))).flat();
    expect(new Set(idsOf(leased)).size).toBe(idsOf(leased).length);
    for (const { rows } of leased) expect(rows).toHaveLength(2);
    await db.force('UPDATE outbox SET lease_until = NULL');
    expect(await drain()).toHaveLength(10);
  });
});

describe('a dead letter', () => {
  test('is listed, counted, and sent again as the same message; that is audited', async () => {
    const incidentId = await incidentWith({ a: joined, b: joined, c: own });
    await store.outbox.refused(idsOf(await lease()), 'hunter2 is no team');
    const refused = await store.outbox.list({ state: 'refused' }, 0, 10);
    expect(refused.map(({ kind, batch, lastError }) => [kind, batch, lastError])).toEqual([
      ['a', 'a..b', '[masked] is no team'],
      ['b', 'a..b', '[masked] is no team'],
    ]);
    expect(await store.outbox.depth()).toMatchObject([{ sink: 'linear', pending: 1, refused: 2 }]);
    const ids = refused.map(({ id }) => id);
    expect(await store.outbox.retry(ids[1] ?? 0, alice)).toEqual(ids);
    expect(await store.outbox.retry(ids[1] ?? 0, alice)).toEqual([]);
    expect(await drain()).toEqual([['a', 'b'], ['c']]);
    const audited = await store.audit.list({ incidentId, kind: 'outbox.retried' }, 0, 10);
    expect(audited.map(({ body }) => [body.actor, body.data])).toEqual([[alice, { sink: 'linear', rows: ids.join(' ') }]]);
  });

  test('the age of what waits is that of its oldest row', async () => {
    await incidentWith({ a: own });
    await db.force("UPDATE outbox SET created_at = now() - interval '90 seconds'");
    const [depth] = await store.outbox.depth();
    expect(depth?.oldestSeconds).toBeGreaterThanOrEqual(90);
    expect(depth?.oldestSeconds).toBeLessThan(120);
  });
});
