import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkpointsFrom } from '../store/audit-checkpoints.ts';
import { streamAudit } from '../store/audit-list.ts';
import { readNodes } from '../store/audit-sequence.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { signedBy } from './note.ts';
import { consistencyProof, inclusionProof, verifyConsistency, verifyInclusion } from './proof.ts';
import { createTestLog, say, sayMany, type TestLog } from './testing.ts';
import { naiveRoot } from './tree-testing.ts';

let db: TestDatabase;
let log: TestLog;
beforeEach(async () => {
  db = await createTestDatabase();
  log = await createTestLog(db.pool);
});
afterEach(() => db.close());

const entriesOf = async () => {
  const entries = [];
  for await (const entry of streamAudit(db.pool, {})) entries.push(entry);
  return entries;
};
const checkpoints = () => checkpointsFrom(db.pool, 1, 1e9, 10_000);
const disabled = (table: string, statement: string) =>
  db.force(`ALTER TABLE ${table} DISABLE TRIGGER ALL; ${statement}; ALTER TABLE ${table} ENABLE ALWAYS TRIGGER is_append_only`);

test('entries get their places in order, 256 a round; each round signs the root over all of them', async () => {
  await sayMany(db.pool, 300);
  await log.settle();
  expect(await log.sequencer.round()).toEqual({ kind: 'idle' });
  const entries = await entriesOf();
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  expect(entries.map(({ body }) => body.data['index'])).toEqual(Array.from({ length: 300 }, (_, index) => index));
  const leaves = entries.map(({ leaf }) => leaf);
  const signed = await checkpoints();
  expect(signed.map(({ size }) => size)).toEqual([256, 300]);
  for (const { note, size } of signed) {
    const checkpoint = parseCheckpoint(note);
    expect(checkpoint === null ? null : signedBy(checkpoint.note, [log.signer])).toBe('good');
    expect(checkpoint).toMatchObject({ origin: log.signer.name, size, root: naiveRoot(leaves.slice(0, size)) });
  }
});

test('what is stored proves that an entry is in the log, and that a checkpoint continues another', async () => {
  await sayMany(db.pool, 20);
  await log.settle();
  await sayMany(db.pool, 17);
  await log.settle();
  const [first, second] = (await checkpoints()).map(({ note }) => parseCheckpoint(note)).slice(-2);
  if (!first || !second) throw new Error('no checkpoints');
  const read = readNodes(db.pool);
  const proof = await consistencyProof(read, first.size, second.size);
  expect(verifyConsistency({ first: first.size, second: second.size, firstRoot: first.root, secondRoot: second.root, proof })).toBe(true);
  for (const { seq, leaf } of await entriesOf()) {
    const index = (seq ?? 0) - 1;
    const path = await inclusionProof(read, index, second.size);
    expect(verifyInclusion({ index, size: second.size, leaf, proof: path, root: second.root })).toBe(true);
  }
});

test('an entry of a transaction that still runs is waited for, so that none comes before it', async () => {
  const slow = new pg.Client({ connectionString: db.url });
  await slow.connect();
  await slow.query('BEGIN');
  const body = JSON.stringify({
    actor: { id: 'x', kind: 'system' },
    at: '',
    incidentId: null,
    kind: 'test.first',
    planId: null,
    version: 2,
  });
  await slow.query("CALL audit_append(convert_to($1, 'UTF8'), NULL, now(), NULL, NULL, 'test.first', 'system', 'x')", [body]);
  await say(db.pool, { kind: 'test.later' });
  for (let round = 0; round < 3; round += 1) expect(await log.sequencer.round()).toEqual({ kind: 'idle' });
  const waiting = await db.force('SELECT kind FROM audit_entries');
  expect(waiting.rows).toEqual([{ kind: 'test.later' }]);
  await slow.query('COMMIT');
  await slow.end();
  await log.settle();
  const order = await db.force('SELECT s.seq, e.kind FROM audit_sequence s JOIN audit_entries e ON e.id = s.entry_id ORDER BY s.seq');
  expect(order.rows).toEqual([
    { seq: '1', kind: 'test.first' },
    { seq: '2', kind: 'test.later' },
  ]);
});

test('while transactions come and go without a pause, entries get their places all the same', async () => {
  let busy = true;
  const hold = async () => {
    const client = new pg.Client({ connectionString: db.url });
    await client.connect();
    while (busy) {
      await client.query('BEGIN; SELECT pg_current_xact_id()');
      await delay(10);
      await client.query('COMMIT');
    }
    await client.end();
  };
  const holding = [hold(), delay(5).then(hold), delay(8).then(hold)];
  await say(db.pool);
  let signed = 0;
  for (const end = Date.now() + 20_000; signed === 0 && Date.now() < end; await delay(5)) {
    const round = await log.sequencer.round();
    signed = round.kind === 'signed' ? round.size : 0;
  }
  busy = false;
  await Promise.all(holding);
  expect(signed).toBe(1);
});

test('many writers, some of which fail, and four sequencers at once: every entry once, without a gap, one history', async () => {
  const others = await Promise.all([1, 2, 3].map(() => createTestLog(db.pool)));
  let writing = true;
  const sequencing = [log, ...others].map(async ({ sequencer }) => {
    while (writing) await sequencer.round();
  });
  const write = async (writer: number) => {
    for (let index = 0; index < 25; index += 1) {
      const failing = index % 5 === 4 ? { ids: { broken: Number.NaN } } : {};
      await say(db.pool, { kind: `test.w${writer}`, ...failing }).catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: 6 }, (_, index) => write(index)));
  writing = false;
  await Promise.all(sequencing);
  await log.settle();
  const entries = await entriesOf();
  expect(entries).toHaveLength(120);
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(new Set(entries.map(({ entry }) => entry)).size).toBe(120);
  const leaves = entries.map(({ leaf }) => leaf);
  for (const { note, size } of await checkpoints()) expect(parseCheckpoint(note)?.root).toBe(naiveRoot(leaves.slice(0, size)));
});

describe('the database refuses, whoever asks,', () => {
  const insert = (seq: number, hashes: string) =>
    db.force(`INSERT INTO audit_sequence (seq, entry_id, hashes) SELECT ${seq}, max(id), ${hashes} FROM audit_entries`);
  const leaf = '(SELECT leaf FROM audit_entries ORDER BY id DESC LIMIT 1)';
  beforeEach(async () => void (await say(db.pool)));

  test('a place for a leaf that is not the entry’s, or for no entry', async () => {
    await expect(insert(1, "decode(repeat('00', 32), 'hex')")).rejects.toThrow(/not that of its entry/);
    await expect(db.force(`INSERT INTO audit_sequence (seq, entry_id, hashes) VALUES (1, 999, ${leaf})`)).rejects.toThrow(
      /not that of its entry/,
    );
  });

  test('a gap, a way back, and hashes that are no row of subtrees', async () => {
    await expect(insert(3, leaf)).rejects.toThrow(/gap/);
    await expect(insert(2, leaf)).rejects.toThrow(/audit_sequence_ending_subtrees/);
    await say(db.pool);
    await insert(1, leaf);
    const back = 'SELECT 2, id, leaf || leaf FROM audit_entries ORDER BY id LIMIT 1';
    await expect(db.force(`INSERT INTO audit_sequence (seq, entry_id, hashes) ${back}`)).rejects.toThrow(/goes back/);
  });
});

describe('nothing more is signed', () => {
  beforeEach(async () => {
    await sayMany(db.pool, 10);
    await log.settle();
  });
  const cut = async () => {
    await disabled('audit_checkpoints', 'DELETE FROM audit_checkpoints');
    await disabled('audit_entries', 'DELETE FROM audit_entries WHERE id IN (SELECT entry_id FROM audit_sequence WHERE seq > 6)');
    await disabled('audit_sequence', 'DELETE FROM audit_sequence WHERE seq > 6');
  };

  test('when the end of the log is gone while the sequencer runs', async () => {
    await cut();
    await expect(log.sequencer.round()).rejects.toMatchObject({
      code: 'audit_log_broken',
      message: expect.stringContaining('holds only 6 entries'),
    });
    expect(await checkpoints()).toEqual([]);
  });

  test('when it is gone at the start, and a checkpoint is known from outside', async () => {
    const known = parseCheckpoint((await checkpoints()).at(-1)?.note ?? '');
    await cut();
    await sayMany(db.pool, 10);
    const restarted = await createTestLog(db.pool, () => known);
    await expect(restarted.sequencer.round()).rejects.toThrow(/holds only 6 entries/);
    const forgetful = await createTestLog(db.pool);
    await forgetful.settle();
    await expect((await createTestLog(db.pool, () => known)).sequencer.round()).rejects.toThrow(/other entries up to 10/);
  });
});

test('a dump restored in another cluster goes on, whatever its transaction numbers', async () => {
  await sayMany(db.pool, 3);
  await log.settle();
  await say(db.pool, { kind: 'test.left' });
  await disabled('audit_entries', 'UPDATE audit_entries SET xid = (xid::text::bigint + 1000000000)::text::xid8');
  const restarted = await createTestLog(db.pool);
  await say(db.pool, { kind: 'test.new' });
  await restarted.settle();
  expect((await entriesOf()).map(({ seq, body }) => [seq, body.kind]).slice(3)).toEqual([
    [4, 'test.left'],
    [5, 'test.new'],
  ]);
});
