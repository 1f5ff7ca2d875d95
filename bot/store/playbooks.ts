import type { DatabasePool } from 'slonik';
import { z } from 'zod';
import { OperationName, Sha256 } from '../../tools/contract.ts';
import { inTransaction } from './pool.ts';
import { type Recorder, system } from './record.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

/** A playbook of a set. */
export const PlaybookMember = z.object({
  name: z.string(),
  summary: z.string(),
  file: z.string(),
  origin: z.enum(['own', 'shipped']),
  sha256: Sha256,
  /** Of several that apply, the highest proposes. */
  specificity: z.number().int(),
  /** Empty: any. */
  causes: z.array(z.string()),
  /** Operations of its plan; empty: it asks people. */
  proposes: z.array(OperationName),
});
export type PlaybookMember = z.infer<typeof PlaybookMember>;

export const PlaybookTrouble = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  todo: z.string(),
  /** An earlier version of the file stays in use. */
  kept: z.boolean(),
});
export type PlaybookTrouble = z.infer<typeof PlaybookTrouble>;

export const PlaybookSetRow = z.object({
  hash: Sha256,
  members: z.array(PlaybookMember),
  problems: z.array(PlaybookTrouble),
  at: z.string(),
});
export type PlaybookSetRow = z.infer<typeof PlaybookSetRow>;

/** A text with what it is called by. */
export interface PlaybookText {
  readonly sha256: string;
  readonly file: string;
  readonly origin: 'own' | 'shipped';
  readonly content: string;
}

export type NewSet = Omit<PlaybookSetRow, 'at'> & { readonly texts: readonly PlaybookText[] };

function latest(db: Db): Promise<PlaybookSetRow | null> {
  return db.maybeOne(sql.type(PlaybookSetRow)`SELECT hash, members, problems, at FROM playbook_sets ORDER BY id DESC LIMIT 1`);
}

async function keep(tx: Tx, texts: readonly PlaybookText[]): Promise<void> {
  const rows = texts.map(({ sha256, file, origin, content }) => [sha256, file, origin, content]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO playbook_files (sha256, file, origin, content)
    SELECT * FROM ${sql.unnest(rows, ['text', 'text', 'text', 'text'])}
    ON CONFLICT (sha256) DO UPDATE SET used_at = now()
  `);
}

const lineOf = ({ file, line, column, message, kept }: PlaybookTrouble): string =>
  `${file}:${line}:${column}: ${message}${kept ? ' (its last good version stays)' : ''}`;

/** False: that is what was recorded last, by this replica or another. */
async function record(tx: Tx, write: Recorder, { texts, ...set }: NewSet): Promise<boolean> {
  await tx.query(sql.type(z.unknown())`SELECT pg_advisory_xact_lock(hashtextextended('playbook_sets', 0))`);
  const before = await latest(tx);
  await keep(tx, texts);
  if (before !== null && before.hash === set.hash && json(before.problems) === json(set.problems)) return false;
  await tx.query(sql.typeAlias('none')`
    INSERT INTO playbook_sets (hash, members, problems) VALUES (${set.hash}, ${json(set.members)}::jsonb, ${json(set.problems)}::jsonb)
  `);
  const was = new Map(before?.members.map(({ name, sha256 }) => [name, sha256]));
  const is = new Map(set.members.map(({ name, sha256 }) => [name, sha256]));
  await write(tx, {
    kind: 'playbooks.changed',
    actor: system,
    incidentId: null,
    ids: { set: set.hash, before: before?.hash ?? null, playbooks: set.members.length, problems: set.problems.length },
    words: {
      added: before === null ? [] : [...is.keys()].filter((name) => !was.has(name)),
      changed: [...is].filter(([name, sha256]) => was.has(name) && was.get(name) !== sha256).map(([name]) => name),
      removed: [...was.keys()].filter((name) => !is.has(name)),
      wrong: set.problems.map(lineOf),
    },
  });
  return true;
}

/** The sets of playbooks that were in use, and their texts. */
export function createPlaybookStore(pool: DatabasePool, write: Recorder) {
  return {
    /** Null: no worker has started yet. */
    latest: () => latest(pool),
    record: (set: NewSet) => inTransaction(pool, (tx) => record(tx, write, set)),
    /** Of the operator's file, as it was used last. */
    lastGood: (file: string) =>
      pool.maybeOneFirst(sql.type(z.object({ content: z.string() }))`
        SELECT content FROM playbook_files WHERE origin = 'own' AND file = ${file} ORDER BY used_at DESC LIMIT 1
      `),
    text: (sha256: string) =>
      pool.maybeOneFirst(sql.type(z.object({ content: z.string() }))`SELECT content FROM playbook_files WHERE sha256 = ${sha256}`),
  };
}
export type PlaybookStore = ReturnType<typeof createPlaybookStore>;
