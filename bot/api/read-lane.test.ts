import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice, newIncident } from '../store/fixtures.ts';
import { createPool } from '../store/pool.ts';
import { createReadLane } from '../store/read-lane.ts';
import { silent } from '../store/testing.ts';
import { createTestApi, type TestApi } from './testing.ts';

const limits = { atOnce: 2, waitMs: 400, patienceMs: 5_000, statementMs: 900 };

let t: TestApi;
let holder: pg.Client;
let end: () => Promise<void>;
beforeAll(async () => {
  t = await createTestApi(async (db) => {
    const pool = await createPool(db.url, silent, limits.atOnce, limits.statementMs);
    end = () => pool.end();
    return { store: db.store({ reads: createReadLane(pool, limits) }) };
  });
  holder = new pg.Client({ connectionString: t.db.superuserUrl });
  await holder.connect();
});
afterAll(async () => {
  await holder.end();
  await end();
  await t.close();
});

const ask = (url: string, accept = 'application/json') => t.call('GET', url, { token: t.admin, headers: { accept } });

test('searches that hang keep nobody from a decision, and are told when to come again', async () => {
  // As slow as a search can be: it waits for somebody who never ends.
  await holder.query('BEGIN; LOCK TABLE audit_sequence IN ACCESS EXCLUSIVE MODE');
  const searches = Array.from({ length: 25 }, () => ask('/v1/audit/entries?operation=kubernetes.scale'));
  const started = performance.now();
  await Promise.all(Array.from({ length: 5 }, () => t.store.incidents.open(newIncident(), alice)));
  expect(performance.now() - started).toBeLessThan(limits.statementMs);
  const answers = await Promise.all(searches);
  const said = answers.map((answer) => [answer.statusCode, answer.headers['retry-after'], answer.json().code].join(' '));
  expect(said.filter((each) => each === '503 5 read_too_slow')).toHaveLength(limits.atOnce);
  expect(said.filter((each) => each === '503 5 reads_busy')).toHaveLength(25 - limits.atOnce);
  await holder.query('ROLLBACK');
  expect((await ask('/v1/audit/entries?operation=kubernetes.scale')).statusCode).toBe(200);
});

test('more exports at once than there is room for are refused, and room comes back', async () => {
  await holder.query('BEGIN; LOCK TABLE audit_sequence IN ACCESS EXCLUSIVE MODE');
  const answers = await Promise.all(Array.from({ length: 12 }, () => ask('/v1/audit/entries', 'application/x-ndjson')));
  await holder.query('ROLLBACK');
  const said = answers.map((answer) => [answer.statusCode, answer.headers['retry-after']].join(' '));
  expect([said.filter((each) => each === '503 30').length, said.filter((each) => each === '503 5').length]).toEqual([4, 8]);
  const again = await Promise.all(Array.from({ length: 8 }, () => ask('/v1/audit/entries', 'application/x-ndjson')));
  expect(again.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 8 }, () => 200));
});
