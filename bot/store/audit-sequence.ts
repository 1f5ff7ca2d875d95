import { z } from 'zod';
import type { ReadNodes } from '../audit/proof.ts';
import type { Hash } from '../audit/tree.ts';
import { type Db, sql, type Tx } from './sql.ts';

/** One number for all Watchkeepers; locks count within one database. */
const advisoryLock = 7_265_014_928;

/** Where the sequence ends; zeros before the first entry. */
export const SequenceHead = z.object({ seq: z.number(), entry: z.number() });
export type SequenceHead = z.infer<typeof SequenceHead>;

/** What was seen of the entries and of the transactions in one look. Transaction numbers compare within one run of the server only. */
export const Sight = z.object({
  /** The highest entry that is there; 0: none. */
  highest: z.number(),
  /** All transactions below are over. */
  xmin: z.string().transform(BigInt),
  /** No transaction from here on had begun. */
  xmax: z.string().transform(BigInt),
  /** Tells one run of the server from another. */
  server: z.string(),
});
export type Sight = z.infer<typeof Sight>;

export interface SequenceRow {
  readonly seq: number;
  readonly entry: number;
  /** Leaf first, then the larger subtrees that end here. */
  readonly hashes: readonly Hash[];
}

const NewEntry = z.object({ entry: z.number(), body: z.instanceof(Buffer) });

/** True: no other process sequences until this transaction ends. */
export function lockSequence(tx: Tx): Promise<boolean> {
  return tx.oneFirst(sql.type(z.object({ locked: z.boolean() }))`SELECT pg_try_advisory_xact_lock(${advisoryLock}) AS locked`);
}

export async function sequenceHead(db: Db): Promise<SequenceHead> {
  const head = await db.maybeOne(sql.type(SequenceHead)`SELECT seq, entry_id AS entry FROM audit_sequence ORDER BY seq DESC LIMIT 1`);
  return head ?? { seq: 0, entry: 0 };
}

/** The last place that an entry before a row has; 0: there is none. */
export function placesBefore(db: Db, entry: number): Promise<number> {
  return db.oneFirst(sql.type(z.object({ seq: z.number() }))`
    SELECT coalesce((SELECT seq FROM audit_sequence WHERE entry_id < ${entry} ORDER BY entry_id DESC LIMIT 1), 0) AS seq
  `);
}

/** One statement, so one snapshot: whoever has written an entry up to `highest` had begun before it was taken. */
export function look(db: Db): Promise<Sight> {
  return db.one(sql.type(Sight)`
    SELECT coalesce((SELECT max(id) FROM audit_entries), 0) AS highest, pg_snapshot_xmin(now.snapshot)::text AS xmin,
      pg_snapshot_xmax(now.snapshot)::text AS xmax, pg_postmaster_start_time()::text AS server
    FROM pg_current_snapshot() AS now (snapshot)
  `);
}

/** Behind an entry, up to and with another. */
export function entriesBetween(db: Db, after: number, upTo: number, limit: number): Promise<readonly z.infer<typeof NewEntry>[]> {
  return db.any(
    sql.type(NewEntry)`SELECT id AS entry, body FROM audit_entries WHERE id > ${after} AND id <= ${upTo} ORDER BY id LIMIT ${limit}`,
  );
}

/** In their order, following the last one. Throws Rejected where they do not. */
export async function insertSequence(tx: Tx, rows: readonly SequenceRow[]): Promise<void> {
  const values = rows.map(({ seq, entry, hashes }) => [seq, entry, Buffer.from(hashes.join(''), 'hex')]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO audit_sequence (seq, entry_id, hashes) SELECT * FROM ${sql.unnest(values, ['int8', 'int8', 'bytea'])}
  `);
}

/** Entries that have no place yet. */
export async function countWaiting(db: Db): Promise<number> {
  const { entry } = await sequenceHead(db);
  return db.oneFirst(sql.type(z.object({ count: z.number() }))`SELECT count(*) FROM audit_entries WHERE id > ${entry}`);
}

/** When the oldest of them was written; null: there are none. */
export async function waitingSince(db: Db): Promise<string | null> {
  const { entry } = await sequenceHead(db);
  return db.oneFirst(sql.type(z.object({ at: z.string().nullable() }))`SELECT min(at) AS at FROM audit_entries WHERE id > ${entry}`);
}

/** A hash of the stored tree is not there. */
export class NodeMissing extends Error {
  readonly code = 'audit_node_missing';
  constructor(seq: number) {
    super(`the stored tree of the audit log has a gap at place ${seq}`);
    this.name = 'NodeMissing';
  }
}

/** From what is stored. Throws NodeMissing. */
export function readNodes(db: Db): ReadNodes {
  return async (nodes) => {
    const wanted = nodes.map(({ level, index }) => [(index + 1) * 2 ** level, level]);
    const Found = z.object({ hash: z.string().length(64).nullable() });
    const rows = await db.any(sql.type(Found)`
      SELECT encode(substring(s.hashes FROM (32 * w.level + 1)::int FOR 32), 'hex') AS hash
      FROM ${sql.unnest(wanted, ['int8', 'int8'])} WITH ORDINALITY AS w (seq, level, position)
      LEFT JOIN audit_sequence s ON s.seq = w.seq ORDER BY w.position
    `);
    return rows.map(({ hash }, position) => {
      if (hash === null) throw new NodeMissing(wanted[position]?.[0] ?? 0);
      return hash;
    });
  };
}

export const PlacedBody = z.object({
  seq: z.number(),
  /** As in `SequenceRow`, in one string. */
  hashes: z.string(),
  /** Null: the entry of this place is gone. */
  body: z.instanceof(Buffer).nullable(),
});

/** From a place on, itself included. */
export function placedBodies(db: Db, from: number, limit: number): Promise<readonly z.infer<typeof PlacedBody>[]> {
  return db.any(sql.type(PlacedBody)`
    SELECT s.seq, encode(s.hashes, 'hex') AS hashes, e.body FROM audit_sequence s LEFT JOIN audit_entries e ON e.id = s.entry_id
    WHERE s.seq >= ${from} ORDER BY s.seq LIMIT ${limit}
  `);
}
