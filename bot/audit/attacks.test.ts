import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../tools/canonical.ts';
import { parseCheckpoint, signCheckpoint } from './checkpoint.ts';
import { noteSigner, verifierText } from './note.ts';
import { createSequencer } from './sequencer.ts';
import { sayMany } from './testing.ts';
import { grow, leafHash, rootOf, type Subtree } from './tree.ts';
import { createTestArchive, linesOf, type TestArchive } from './verify-testing.ts';

/**
 * Each attack is done by the database's superuser, with triggers and constraints out of the way, on a log of 15 entries with
 * checkpoints at 5, 10 and 15. `clumsy` changes what stands there; `thorough` makes everything in the database fit again, the tree
 * included, and cannot do one thing: sign.
 */
let archive: TestArchive;
beforeEach(async () => {
  archive = await createTestArchive();
  await sayMany(archive.api.db.pool, 4);
  await archive.settle();
  await sayMany(archive.api.db.pool, 5);
  await archive.settle();
  await sayMany(archive.api.db.pool, 5);
  await archive.settle();
  await archive.api.db.force(`
    ALTER TABLE audit_entries DISABLE TRIGGER ALL;
    ALTER TABLE audit_sequence DISABLE TRIGGER ALL; ALTER TABLE audit_checkpoints DISABLE TRIGGER ALL; ALTER TABLE audit_keys DISABLE TRIGGER ALL;
  `);
});
afterEach(() => archive.close());

const force = (statement: string) => archive.api.db.force(statement);
const entryOf = (seq: number) => `(SELECT entry_id FROM audit_sequence WHERE seq = ${seq})`;
const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`;

async function bodies(): Promise<Buffer[]> {
  const { rows } = await force('SELECT e.body FROM audit_sequence s JOIN audit_entries e ON e.id = s.entry_id ORDER BY s.seq');
  return rows.map(({ body }) => body);
}

function forged(body: Buffer, change: object): Buffer {
  const entry = JSON.parse(body.toString());
  return Buffer.from(canonicalJson({ ...entry, ...change, data: { ...entry.data, verdict: 'reject' } }));
}

/** Writes the log anew, so that everything in the database fits but the signatures. */
async function rewrite(change: (bodies: Buffer[]) => readonly Buffer[]): Promise<readonly Subtree[][]> {
  const wanted = change(await bodies());
  await force('DELETE FROM audit_sequence; DELETE FROM audit_entries; DELETE FROM audit_disclosures');
  const row: Subtree[] = [];
  const rows: Subtree[][] = [[]];
  for (const [index, body] of wanted.entries()) {
    const [seq, leaf] = [index + 1, leafHash(body)];
    const { at, kind, actor } = JSON.parse(body.toString());
    const hashes = grow(row, { level: 0, hash: leaf }, seq).join('');
    await force(`
      INSERT INTO audit_entries (id, at, kind, actor, body, leaf) OVERRIDING SYSTEM VALUE
      VALUES (${seq}, '${at}', '${kind}', '${actor.kind}:${actor.id}', ${hex(body)}, '\\x${leaf}');
      INSERT INTO audit_sequence (seq, entry_id, hashes) VALUES (${seq}, ${seq}, '\\x${hashes}');
    `);
    rows.push([...row]);
  }
  return rows;
}

/** What verifying an export of the present database says: with the kept checkpoints, and without. */
async function verdicts() {
  const path = await archive.export();
  return { kept: await archive.verify(path), alone: await archive.verify(path, []) };
}

async function asked(checkpoint?: string) {
  const body = checkpoint === undefined ? {} : { checkpoint };
  return (await archive.api.call('POST', '/v1/audit/verify', { token: archive.api.admin, body })).json();
}

const keptNote = () => JSON.parse(linesOf(archive.checkpoints).at(-1) ?? '{}').note as string;
const first = (seq: number, code: string) => ({
  ok: false,
  problem: { seq, until: seq, code, words: expect.stringContaining(`first bad entry is ${seq}:`) },
});
const among = (seq: number, until: number) => ({
  ok: false,
  problem: { seq, until, words: expect.stringContaining(`one of ${seq} to ${until}:`) },
});

test('nothing is found where nothing was done', async () => {
  const { kept, alone } = await verdicts();
  expect([kept.ok, alone.ok]).toEqual([true, true]);
  expect(await asked(keptNote())).toMatchObject({ ok: true, to: 15, next: null, consistency: { first: 15, second: 15, hashes: [] } });
});

describe('an edit', () => {
  test('of the body', async () => {
    await force(`UPDATE audit_entries SET body = ${hex(forged((await bodies())[6] as Buffer, {}))} WHERE id = ${entryOf(7)}`);
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(first(7, 'changed'));
    expect(await asked()).toMatchObject(first(7, 'changed'));
  });

  test('of body and leaf', async () => {
    const body = forged((await bodies())[6] as Buffer, {});
    await force(`UPDATE audit_entries SET body = ${hex(body)}, leaf = '\\x${leafHash(body)}' WHERE id = ${entryOf(7)}`);
    expect((await verdicts()).alone).toMatchObject(first(7, 'changed'));
  });

  test('to something that is no JSON', async () => {
    await force(`UPDATE audit_entries SET body = '\\xff00' WHERE id = ${entryOf(7)}`);
    expect((await verdicts()).alone).toMatchObject({ ok: false, problem: { seq: 7 } });
    expect(await asked()).toMatchObject(first(7, 'changed'));
  });

  test('thorough', async () => {
    await rewrite((all) => all.with(6, forged(all[6] as Buffer, {})));
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(among(6, 10));
    expect(await asked()).toMatchObject(among(6, 10));
  });
});

describe('a deletion', () => {
  test('of the entry', async () => {
    await force(`DELETE FROM audit_entries WHERE id = ${entryOf(7)}`);
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'missing'));
    expect(alone).toMatchObject(first(7, 'missing'));
    expect(await asked()).toMatchObject(first(7, 'missing'));
  });

  test('of the entry and its place', async () => {
    await force(`DELETE FROM audit_entries WHERE id = ${entryOf(7)}; DELETE FROM audit_sequence WHERE seq = 7`);
    expect((await verdicts()).alone).toMatchObject(first(7, 'missing'));
    expect(await asked()).toMatchObject(first(7, 'missing'));
  });

  test('thorough', async () => {
    await rewrite((all) => all.toSpliced(6, 1));
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(among(6, 10));
  });
});

describe('a reordering', () => {
  test('of places', async () => {
    await force(`
      ALTER TABLE audit_sequence DROP CONSTRAINT audit_sequence_entry_id_key;
      UPDATE audit_sequence s SET entry_id = o.entry_id FROM audit_sequence o WHERE (s.seq, o.seq) IN ((7, 9), (9, 7));
    `);
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(first(7, 'changed'));
  });

  test('thorough', async () => {
    await rewrite((all) => all.with(6, all[8] as Buffer).with(8, all[6] as Buffer));
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(among(6, 10));
  });
});

describe('an insertion', () => {
  test('in the middle, thorough', async () => {
    await rewrite((all) => all.toSpliced(6, 0, forged(all[6] as Buffer, { id: 'forged' })));
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(7, 'changed'));
    expect(alone).toMatchObject(among(6, 10));
  });

  test('at the end', async () => {
    await rewrite((all) => [...all, forged(all[6] as Buffer, { id: 'forged' })]);
    expect(await asked()).toMatchObject(first(16, 'not_signed'));
    // Left out of an export, which ends at the last checkpoint; with a checkpoint of one's own it gets in.
    const attacker = noteSigner(archive.log.signer.name, generateKeyPairSync('ed25519').privateKey);
    const note = signCheckpoint({ origin: attacker.name, size: 16, root: '00'.repeat(32) }, attacker);
    await force(`INSERT INTO audit_checkpoints (size, note) VALUES (16, '${note}')`);
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(16, 'not_signed'));
    expect(alone).toMatchObject(first(16, 'not_signed'));
  });
});

describe('a cut at the end', () => {
  test('with the checkpoints left', async () => {
    await force(`DELETE FROM audit_entries WHERE id > ${entryOf(12)}; DELETE FROM audit_sequence WHERE seq > 12`);
    const { kept, alone } = await verdicts();
    expect(kept).toMatchObject(first(13, 'missing'));
    expect(alone).toMatchObject(first(13, 'missing'));
    expect(await asked()).toMatchObject(first(13, 'missing'));
  });

  test('with the checkpoints cut too, is seen by what was kept outside the database, and by nothing else', async () => {
    await force(`
      DELETE FROM audit_entries WHERE id > ${entryOf(10)}; DELETE FROM audit_sequence WHERE seq > 10; DELETE FROM audit_checkpoints WHERE size > 10;
    `);
    const { kept, alone } = await verdicts();
    expect(alone.ok).toBe(true);
    expect(kept).toMatchObject(first(11, 'cut_off'));
    expect(await asked(keptNote())).toMatchObject(first(11, 'cut_off'));
  });
});

test('a history written anew, signed by another key in the name of the log', async () => {
  const attacker = noteSigner(archive.log.signer.name, generateKeyPairSync('ed25519').privateKey);
  const rows = await rewrite((all) => all.map((body, index) => (index < 3 ? body : forged(body, {}))));
  await force('DELETE FROM audit_checkpoints; DELETE FROM audit_keys');
  await force(`INSERT INTO audit_keys (verifier) VALUES ('${verifierText(attacker)}')`);
  for (const size of [5, 10, 15]) {
    const note = signCheckpoint({ origin: attacker.name, size, root: rootOf(rows[size] ?? []) }, attacker);
    await force(`INSERT INTO audit_checkpoints (size, note) VALUES (${size}, '${note}')`);
  }
  const { kept, alone } = await verdicts();
  expect(kept).toMatchObject(first(4, 'changed'));
  expect(alone).toMatchObject(among(1, 15));
  // The server believes its own database: it takes a checkpoint from outside for it to notice.
  expect(await asked()).toMatchObject({ ok: true });
  const refused = await archive.api.call('POST', '/v1/audit/verify', { token: archive.api.admin, body: { checkpoint: keptNote() } });
  expect(refused.json()).toMatchObject({ status: 422, code: 'not_signed' });
});

test('a history written anew, with signatures of the right name and key id that are none', async () => {
  const { name, id } = archive.log.signer;
  const attacker = { ...noteSigner(name, generateKeyPairSync('ed25519').privateKey), id };
  const rows = await rewrite((all) => all.map((body, index) => (index < 6 ? body : forged(body, {}))));
  await force('DELETE FROM audit_checkpoints WHERE size > 5');
  for (const size of [10, 15])
    await force(
      `INSERT INTO audit_checkpoints (size, note) VALUES (${size}, '${signCheckpoint({ origin: name, size, root: rootOf(rows[size] ?? []) }, attacker)}')`,
    );
  const { kept, alone } = await verdicts();
  expect(kept).toMatchObject(first(7, 'changed'));
  expect(alone).toMatchObject(among(6, 10));
  expect(await asked()).toMatchObject({ ok: false, problem: { seq: 6, until: 10, code: 'not_signed' } });
});

describe('an old backup put in place', () => {
  const tables = ['audit_entries', 'audit_sequence', 'audit_checkpoints'];
  const inAll = async (statement: (table: string) => string) => {
    for (const table of tables) await force(statement(table));
  };
  beforeEach(async () => {
    await inAll((table) => `CREATE TABLE backup_${table} AS SELECT * FROM ${table}`);
    await sayMany(archive.api.db.pool, 3);
    await archive.settle();
    await inAll((table) => `DELETE FROM ${table}`);
    await inAll((table) => `INSERT INTO ${table} OVERRIDING SYSTEM VALUE SELECT * FROM backup_${table}`);
  });

  test('is told from the log that went on', async () => {
    const { kept, alone } = await verdicts();
    expect(alone).toMatchObject({ ok: true, entries: 15 });
    expect(kept).toMatchObject(first(16, 'cut_off'));
    expect(await asked(keptNote())).toMatchObject(first(16, 'cut_off'));
  });

  test('gets no signature from a sequencer that knows the kept checkpoints', async () => {
    await sayMany(archive.api.db.pool, 2);
    await expect(archive.log.sequencer.round()).rejects.toMatchObject({
      code: 'audit_log_broken',
      message: expect.stringContaining('holds only 15 entries'),
    });
    const { signer } = archive.log;
    const restarted = createSequencer({ pool: archive.api.db.pool, signer, remembered: () => parseCheckpoint(keptNote()) });
    await expect(restarted.round()).rejects.toThrow(/restored from an old backup/);
  });

  test('and gone on with, with the right key, is told too', async () => {
    const { signer } = archive.log;
    const forgetful = createSequencer({ pool: archive.api.db.pool, signer, remembered: () => null });
    await sayMany(archive.api.db.pool, 6);
    for (let size = 15; size < 21; await delay(5)) {
      const round = await forgetful.round();
      if (round.kind === 'signed') size = round.size;
    }
    const { kept, alone } = await verdicts();
    expect(alone).toMatchObject({ ok: true, entries: 21 });
    expect(kept).toMatchObject(first(16, 'changed'));
    expect(await asked(keptNote())).toMatchObject({ ok: false, problem: { code: 'not_as_signed', seq: 1, until: 18 } });
  });
});
