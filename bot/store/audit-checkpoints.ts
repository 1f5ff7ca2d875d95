import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

export const StoredCheckpoint = z.object({
  size: z.number(),
  /** Signed note. */
  note: z.string(),
  at: z.string(),
});
export type StoredCheckpoint = z.infer<typeof StoredCheckpoint>;

const Leaves = StoredCheckpoint.extend({ leaves: z.instanceof(Buffer) });

/** The log's name. */
export function auditOrigin(db: Db): Promise<string> {
  return db.oneFirst(sql.type(z.object({ origin: z.string() }))`SELECT origin FROM audit_log`);
}

export async function insertCheckpoint(tx: Tx, size: number, note: string): Promise<void> {
  await tx.query(sql.typeAlias('none')`INSERT INTO audit_checkpoints (size, note) VALUES (${size}, ${note})`);
}

/** Null before the first one. */
export function latestCheckpoint(db: Db): Promise<StoredCheckpoint | null> {
  return db.maybeOne(sql.type(StoredCheckpoint)`SELECT size, note, at FROM audit_checkpoints ORDER BY size DESC LIMIT 1`);
}

/** Newest first, of a smaller size than `before`; null: from the newest on. */
export function checkpointsBefore(db: Db, before: number | null, limit: number): Promise<readonly StoredCheckpoint[]> {
  return db.any(sql.type(StoredCheckpoint)`
    SELECT size, note, at FROM audit_checkpoints WHERE ${before}::bigint IS NULL OR size < ${before} ORDER BY size DESC LIMIT ${limit}
  `);
}

/** Oldest first, from a size on (itself included) up to another. */
export function checkpointsFrom(db: Db, from: number, to: number, limit: number): Promise<readonly StoredCheckpoint[]> {
  return db.any(sql.type(StoredCheckpoint)`
    SELECT size, note, at FROM audit_checkpoints WHERE size BETWEEN ${from} AND ${to} ORDER BY size LIMIT ${limit}
  `);
}

/** As `checkpointsFrom`, each with the leaf hashes (32 bytes each) of the entries since the checkpoint before it. */
export function checkpointsWithLeaves(db: Db, from: number, limit: number): Promise<readonly z.infer<typeof Leaves>[]> {
  return db.any(sql.type(Leaves)`
    SELECT c.size, c.note, c.at, (
      SELECT coalesce(string_agg(substring(s.hashes FROM 1 FOR 32), ''::bytea ORDER BY s.seq), ''::bytea) FROM audit_sequence s
      WHERE s.seq <= c.size AND s.seq > (SELECT coalesce(max(p.size), 0) FROM audit_checkpoints p WHERE p.size < c.size)
    ) AS leaves
    FROM audit_checkpoints c WHERE c.size >= ${from} ORDER BY c.size LIMIT ${limit}
  `);
}

/** Checkpoints of a larger size. */
export function countCheckpointsAfter(db: Db, size: number): Promise<number> {
  return db.oneFirst(sql.type(z.object({ count: z.number() }))`SELECT count(*) FROM audit_checkpoints WHERE size > ${size}`);
}

/** Notes that a key signs. False, and nothing changed, where that is known. */
export async function publishKey(db: Db, verifier: string): Promise<boolean> {
  const inserted = await db.maybeOne(
    sql.type(
      z.object({ verifier: z.string() }),
    )`INSERT INTO audit_keys (verifier) VALUES (${verifier}) ON CONFLICT DO NOTHING RETURNING verifier`,
  );
  return inserted !== null;
}

/** Verifier keys, oldest first. */
export function listKeys(db: Db): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ verifier: z.string() }))`SELECT verifier FROM audit_keys ORDER BY first_used_at, verifier`);
}
