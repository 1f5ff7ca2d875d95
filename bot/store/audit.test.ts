import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../tools/canonical.ts';
import { appendAudit, leafHash } from './audit.ts';
import { alice, newIncident, observationOf, seed, voteOf } from './fixtures.ts';
import { openIncident } from './incidents.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';
import { insertVote } from './votes.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  const { plan } = await seed(store);
  await inTransaction(db.pool, (tx) => insertVote(tx, voteOf(plan, 'bob')));
});
afterAll(() => db.close());

test('leaf is SHA-256 of a zero byte and the RFC 8785 form of the body', async () => {
  const entries = await store.audit.list({}, 0, 100);
  expect(entries.length).toBeGreaterThan(2);
  for (const entry of entries) {
    expect(entry.leaf).toBe(createHash('sha256').update('\0').update(canonicalJson(entry.body)).digest('hex'));
  }
});

test('the change fails when its audit entry fails, and nothing of it stays', async () => {
  await db.force('ALTER TABLE audit_entries ADD CONSTRAINT refuse_all CHECK (false) NOT VALID');
  try {
    await expect(store.incidents.open(newIncident({ key: 'unaudited' }), alice)).rejects.toMatchObject({
      code: 'rejected',
      constraint: 'refuse_all',
    });
    expect(await store.incidents.byKey('unaudited')).toBeNull();
  } finally {
    await db.force('ALTER TABLE audit_entries DROP CONSTRAINT refuse_all');
  }
});

test('the entry disappears with a change that is rolled back', async () => {
  const context = { record: store.record, redact: store.redact, now: store.now };
  const failing = inTransaction(db.pool, async (tx) => {
    await openIncident(tx, context, newIncident({ key: 'rolled-back' }), alice);
    throw new Error('later');
  });
  await expect(failing).rejects.toThrow('later');
  const rows = await db.force("SELECT FROM audit_entries WHERE convert_from(body, 'UTF8') LIKE '%rolled-back%'");
  expect(rows.rowCount).toBe(0);
});

describe.each(['audit_entries', 'votes', 'observations', 'policy_decisions', 'findings', 'finding_edges'])('%s', (table) => {
  test.each([`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`])('refuses the superuser: %s', async (statement) => {
    await expect(db.force(statement)).rejects.toThrow(/append-only/);
  });

  test('refuses an update, also as a replica', async () => {
    const column = (
      await db.force(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_name = '${table}' AND is_identity = 'NO' LIMIT 1`,
      )
    ).rows[0].name;
    await expect(db.force(`UPDATE ${table} SET ${column} = ${column}`)).rejects.toThrow(/append-only/);
    await expect(db.force(`SET session_replication_role = replica; UPDATE ${table} SET ${column} = ${column}`)).rejects.toThrow(
      /append-only/,
    );
    await db.force('SET session_replication_role = DEFAULT');
  });
});

test('columns that differ from the body, or a leaf of something else, are refused', async () => {
  const entry = {
    version: 1 as const,
    id: 'd1',
    at: new Date().toISOString(),
    kind: 'test.made',
    actor: alice,
    incidentId: null,
    planId: null,
    data: {},
  };
  const body = Buffer.from(canonicalJson(entry));
  const insert = (kind: string, leaf: Buffer) =>
    `INSERT INTO audit_entries (at, kind, actor, body, leaf) VALUES (now(), '${kind}', 'person:alice', '\\x${body.toString('hex')}', '\\x${leaf.toString('hex')}')`;
  await expect(db.force(insert('test.other', leafHash(body)))).rejects.toThrow(/audit_columns_agree/);
  await expect(db.force(insert('test.made', leafHash(Buffer.from('x'))))).rejects.toThrow(/audit_leaf_of_body/);
  await inTransaction(db.pool, (tx) => appendAudit(tx, entry));
});

test('an observation whose id is not its content is refused', async () => {
  const { incident } = await seed(store);
  await expect(
    db.force(
      `INSERT INTO observations (id, incident_id, operation, site, status, body) VALUES (repeat('a', 64), '${incident.id}', 'x.y', 's', 'ok', 'z')`,
    ),
  ).rejects.toThrow(/content_address/);
});

test('an observation is stored and audited once', async () => {
  const { incident } = await seed(store);
  const observation = observationOf(incident.id);
  const ids = await Promise.all(Array.from({ length: 5 }, () => store.observations.put(observation)));
  expect(new Set(ids).size).toBe(1);
  expect(await store.observations.get(ids[0] ?? '')).toEqual(observation);
  const entries = await store.audit.list({ incidentId: incident.id, kind: 'observation.stored' }, 0, 10);
  expect(entries.filter((entry) => entry.body.data['observation'] === ids[0])).toHaveLength(1);
});

test('the stream answers every entry once, in order, page by page', async () => {
  const all = await store.audit.list({}, 0, 1_000);
  const streamed = [];
  const { streamAudit } = await import('./audit.ts');
  for await (const entry of streamAudit(db.pool, {}, 0, 2)) streamed.push(entry.seq);
  expect(streamed).toEqual(all.map((entry) => entry.seq));
});
