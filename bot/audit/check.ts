import { checkpointsFrom, latestCheckpoint } from '../store/audit-checkpoints.ts';
import { NodeMissing, placedBodies, readNodes, sequenceHead } from '../store/audit-sequence.ts';
import type { Db } from '../store/sql.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { type NoteKey, signedBy } from './note.ts';
import { at, between, cutOff, type LogProblem, notAsSigned, whole } from './problem.ts';
import { rowAt } from './proof.ts';
import { grow, leafHash, rootOf, type Subtree } from './tree.ts';

export interface CheckRange {
  /** First place. Those before it are taken as they are stored. */
  readonly from: number;
  /** Places that are looked at, at most. */
  readonly limit: number;
  readonly keys: readonly NoteKey[];
  readonly origin: string;
}

export interface Checked {
  /** Last place that was looked at; `from` - 1: there was none. */
  readonly to: number;
  /** Places in the log. */
  readonly size: number;
  readonly problem: LogProblem | null;
}

const page = 500;

interface Walk {
  readonly row: Subtree[];
  /** Places up to here are covered by a checkpoint that held, or were taken as they are. */
  good: number;
  /** The last place. */
  end: number;
}

async function startAt(db: Db, from: number): Promise<Walk | LogProblem> {
  try {
    return { row: await rowAt(readNodes(db), from - 1), good: from - 1, end: from - 1 };
  } catch (error) {
    if (error instanceof NodeMissing) return whole('missing', `${error.message}: check from the first entry on.`);
    throw error;
  }
}

function checkEntry(walk: Walk, { seq, hashes, body }: { seq: number; hashes: string; body: Buffer | null }): LogProblem | null {
  const expected = walk.end + 1;
  if (seq !== expected) return at(expected, 'missing', 'its place is gone from the database');
  if (body === null) return at(seq, 'missing', 'it is gone from the database');
  const leaf = leafHash(body);
  if (!hashes.startsWith(leaf)) return at(seq, 'changed', 'it is not what was given this place');
  walk.end = seq;
  return grow(walk.row, { level: 0, hash: leaf }, seq).join('') === hashes ? null : at(seq, 'changed', 'the stored tree does not hold it');
}

function checkNote(walk: Walk, note: string | undefined, { keys, origin }: CheckRange): LogProblem | null {
  if (note === undefined) return null;
  const checkpoint = parseCheckpoint(note);
  const named = checkpoint?.origin === origin && checkpoint.size === walk.end;
  if (!named || signedBy(checkpoint.note, keys) !== 'good')
    return between(walk.good + 1, walk.end, 'not_signed', `the checkpoint of ${walk.end} entries is not signed by this log's keys`);
  if (rootOf(walk.row) !== checkpoint.root) return notAsSigned(walk.good, walk.end);
  walk.good = walk.end;
  return null;
}

/** Up to `page` places. Null: nothing is wrong with them. */
async function step(db: Db, walk: Walk, upTo: number, range: CheckRange): Promise<LogProblem | null> {
  const rows = await placedBodies(db, walk.end + 1, Math.min(page, upTo - walk.end));
  if (rows.length === 0) return at(walk.end + 1, 'missing', 'its place is gone from the database');
  const stored = await checkpointsFrom(db, walk.end + 1, rows.at(-1)?.seq ?? 0, page);
  const notes = new Map(stored.map(({ size, note }) => [size, note]));
  for (const placed of rows) {
    const problem = checkEntry(walk, placed) ?? checkNote(walk, notes.get(placed.seq), range);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * Recomputes what is stored, from one place on: leaves from the bodies, the tree from the leaves, and compares with the signed
 * checkpoints. Ends at the first problem.
 */
export async function checkLog(db: Db, range: CheckRange): Promise<Checked> {
  const size = Math.max((await sequenceHead(db)).seq, (await latestCheckpoint(db))?.size ?? 0);
  const walk = await startAt(db, range.from);
  if ('code' in walk) return { to: range.from - 1, size, problem: walk };
  const upTo = Math.min(size, range.from - 1 + range.limit);
  while (walk.end < upTo) {
    const problem = await step(db, walk, upTo, range);
    if (problem !== null) return { to: walk.end, size, problem };
  }
  const covered = walk.end < size || walk.good === walk.end;
  return { to: walk.end, size, problem: covered ? null : between(walk.good + 1, walk.end, 'not_signed', 'no checkpoint covers it') };
}

/** Whether the stored log, of `size` places, begins with what a checkpoint says. Throws NodeMissing. */
export async function continues(db: Db, size: number, checkpoint: Checkpoint): Promise<LogProblem | null> {
  if (checkpoint.size > size) return cutOff(size, checkpoint.size);
  return rootOf(await rowAt(readNodes(db), checkpoint.size)) === checkpoint.root ? null : notAsSigned(0, checkpoint.size);
}
