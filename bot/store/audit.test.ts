import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../tools/canonical.ts';
import { Commitment, commitmentOf } from '../audit/commitment.ts';
import { leafHash } from '../audit/tree.ts';
import { type AuditBody, appendAudit } from './audit.ts';
import { streamAudit } from './audit-list.ts';
import { alice, newIncident, observationOf, seed, voteOf } from './fixtures.ts';
import { openIncident } from './incidents.ts';
import { inTransaction } from './pool.ts';
import { clean, sql } from './sql.ts';
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

test('words are committed to with a salt of their own, and stand beside the log; ids stand in it', async () => {
  const { incident } = await store.incidents.open(newIncident({ title: 'the password is hunter2' }), alice);
  const [entry] = await store.audit.list({ incidentId: incident.id, kind: 'incident.opened' }, 0, 1);
  const { disclosures, body, data } = entry ?? { disclosures: {} };
  expect(Object.keys(disclosures).toSorted()).toEqual(['service', 'site', 'title']);
  expect(data).toMatchObject({ title: 'the password is [masked]', service: 'checkout', site: 'shop', source: 'api' });
  expect(body).toMatchObject({
    version: 2,
    data: { source: 'api', requester: 'alice', title: { commitment: expect.stringMatching(/^[0-9a-f]{64}$/) } },
  });
  const committed = (field: string) => Commitment.parse(body?.data[field]).commitment;
  for (const [field, disclosure] of Object.entries(disclosures)) expect(commitmentOf(disclosure)).toBe(committed(field));
  expect(commitmentOf({ salt: '00'.repeat(32), value: 'the password is [masked]' })).not.toBe(committed('title'));
  const stored = await db.force("SELECT FROM audit_entries WHERE convert_from(body, 'UTF8') LIKE '%password is%'");
  expect(stored.rowCount).toBe(0);
});

test('the mirrors get the words themselves', async () => {
  const { incident } = await store.incidents.open(newIncident({ title: 'said aloud' }), alice);
  const rows = await db.force(`SELECT body -> 'data' ->> 'title' AS title FROM outbox WHERE incident_id = '${incident.id}'`);
  expect(rows.rows).toEqual([{ title: 'said aloud' }, { title: 'said aloud' }]);
});

test('an entry of version 1, as earlier versions wrote it, is read', async () => {
  const entry = {
    version: 1,
    id: 'v1',
    at: new Date().toISOString(),
    kind: 'test.v1',
    actor: alice,
    incidentId: null,
    planId: null,
    data: { reason: 'plain' },
  } as const;
  await inTransaction(db.pool, (tx) => appendAudit(tx, entry));
  expect(await store.audit.list({ kind: 'test.v1' }, 0, 10)).toMatchObject([{ body: entry, disclosures: {} }]);
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

describe.each([
  'audit_entries',
  'audit_log',
  'audit_sequence',
  'audit_checkpoints',
  'audit_keys',
  'votes',
  'observations',
  'policy_decisions',
  'findings',
  'finding_edges',
])('%s', (table) => {
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

describe('an entry gets its leaf from its body, and columns that say what the body says', () => {
  const entry = (change: Partial<AuditBody>): AuditBody => ({
    version: 2,
    id: 'd1',
    at: new Date().toISOString(),
    kind: 'test.made',
    actor: alice,
    incidentId: 'i_1',
    planId: null,
    data: {},
    ...change,
  });
  const append = (body: AuditBody, columns: Partial<AuditBody> = {}) => {
    const { incidentId, planId, kind, actor, at } = { ...body, ...columns };
    return inTransaction(db.pool, (tx) =>
      tx.query(sql.typeAlias('none')`
        CALL audit_append(${sql.binary(Buffer.from(canonicalJson(body)))}, NULL, ${at}, ${incidentId}, ${planId}, ${kind}, ${actor.kind}, ${actor.id})
      `),
    );
  };

  test.each<Partial<AuditBody>>([
    { kind: 'test.other' },
    { kind: 'test%' },
    { incidentId: null },
    { incidentId: 'iX1' },
    { incidentId: '%' },
    { planId: 'p' },
    { actor: { kind: 'system', id: 'alice' } },
    { actor: { kind: 'person', id: 'bob' } },
    { actor: { kind: 'person', id: 'al\\ice' } },
  ])('refused: %j in the columns', async (columns) => {
    await expect(append(entry({ incidentId: 'i_1' }), columns)).rejects.toMatchObject({
      code: 'rejected',
      constraint: 'audit_columns_agree',
    });
  });

  test('whatever characters they are of', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => String(clean(value)));
    await fc.assert(
      fc.asyncProperty(text, text, text, async (incidentId, planId, id) => {
        const kind = `test.${randomUUID()}`;
        await append(entry({ kind, incidentId, planId, actor: { kind: 'person', id } }));
        const [stored] = await store.audit.list({ kind }, 0, 2);
        expect(stored?.body).toMatchObject({ incidentId, planId, actor: { id } });
        expect(stored?.leaf).toBe(leafHash(Buffer.from(canonicalJson(stored?.body))));
      }),
      { numRuns: 60 },
    );
  });
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
  for await (const { entry } of streamAudit(db.pool, {}, 0, 2)) streamed.push(entry);
  expect(streamed).toEqual(all.map(({ entry }) => entry));
});
