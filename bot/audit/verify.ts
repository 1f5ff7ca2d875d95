import { open, stat } from 'node:fs/promises';
import { z } from 'zod';
import { type NoteKey, verifierText } from './note.ts';
import { at, between, cutOff, type LogProblem, notAsSigned, whole } from './problem.ts';
import { grow, rootOf, type Subtree } from './tree.ts';
import type { ChunkResult, PartProblem, Segment } from './verify-chunk.ts';
import { chunksOf } from './verify-chunks.ts';
import { partBytes } from './verify-part.ts';
import { readWitness, type Witness } from './witness.ts';

/** First line of an export. */
export const ExportHeader = z.object({
  format: z.literal('watchkeeper-audit'),
  version: z.literal(1),
  /** The log's name. */
  origin: z.string(),
  /** Number of entries. */
  size: z.int().nonnegative(),
  exportedAt: z.iso.datetime(),
});
export type ExportHeader = z.infer<typeof ExportHeader>;

/** It cannot be verified at all: nothing is said about the log. */
export class NotVerifiable extends Error {
  readonly code = 'not_verifiable';
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'NotVerifiable';
  }
}

export interface VerifyOptions {
  /** An export. */
  readonly path: string;
  /** Keys that are trusted, under the name of a log. */
  readonly keys: (origin: string) => readonly NoteKey[];
  /** Files of checkpoints that were kept elsewhere. */
  readonly checkpoints: readonly string[];
}

export interface Verification {
  readonly ok: boolean;
  readonly origin: string;
  /** Entries that were looked at. */
  readonly entries: number;
  /** Checkpoints of the export by given keys, all of which hold unless there is a problem; those by other keys; those kept elsewhere that were compared. */
  readonly checkpoints: number;
  readonly otherCheckpoints: number;
  readonly keptCheckpoints: number;
  /** Lines of the kept checkpoints that could not be used. */
  readonly unusedLines: number;
  /** Words that are what was committed to. */
  readonly words: number;
  readonly problem: LogProblem | null;
}

async function headerOf(path: string): Promise<ExportHeader> {
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0).finally(() => file.close());
    const [line = ''] = buffer.toString('utf8', 0, bytesRead).split('\n', 1);
    return ExportHeader.parse(JSON.parse(line));
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code !== undefined && !(error instanceof z.ZodError) ? `: ${error.message}` : '';
    throw new NotVerifiable(`${path} is no export of an audit log (watchkeeper audit export)${why}`, error);
  }
}

interface Walk {
  readonly witness: Witness;
  readonly row: Subtree[];
  end: number;
  /** Entries up to here are covered by a signed root. */
  good: number;
  checkpoints: number;
  otherCheckpoints: number;
  keptCheckpoints: number;
  words: number;
}

/** The next part of the tree; a problem where it is not what was signed. */
function extend(walk: Walk, { to, subtrees, root }: Segment): LogProblem | null {
  for (const subtree of subtrees) {
    walk.end += 2 ** subtree.level;
    grow(walk.row, subtree, walk.end);
  }
  if (to > walk.end) return at(walk.end + 1, 'missing', `a checkpoint of ${to} entries follows entry ${walk.end}`);
  if (to < walk.end) return whole('not_a_log', `A checkpoint of ${to} entries stands after entry ${walk.end}.`);
  const kept = walk.witness.roots.get(to) ?? new Set();
  if (root === null && kept.size === 0) return null;
  const found = rootOf(walk.row);
  if ((root !== null && root !== found) || [...kept].some((one) => one !== found)) return notAsSigned(walk.good, to);
  walk.good = to;
  walk.keptCheckpoints += subtrees.length > 0 ? kept.size : 0;
  return null;
}

/** The problem of a part, now that it is known what came before it. */
function placed({ end, good }: Walk, problem: PartProblem): LogProblem {
  if (problem.code === 'unreadable')
    return at(end + 1, 'not_a_log', 'the line in its place cannot be read: the file is damaged, or cut off');
  if (problem.code !== 'bad_checkpoint') return problem;
  const { size } = problem;
  return between(Math.min(good + 1, size), size, 'not_signed', `the checkpoint of ${size} entries does not fit its signature`);
}

function add(walk: Walk, { first, segments, signed, others, opened, problem }: ChunkResult): LogProblem | null {
  walk.checkpoints += signed;
  walk.otherCheckpoints += others;
  walk.words += opened;
  if (first !== null && first !== walk.end + 1) return at(walk.end + 1, 'missing', `after ${walk.end} comes ${first}`);
  for (const segment of segments) {
    const wrong = extend(walk, segment);
    if (wrong !== null) return wrong;
  }
  return problem === null ? null : placed(walk, problem);
}

/** What only the end tells. */
function endProblem({ end, good, witness }: Walk, header: ExportHeader): LogProblem | null {
  // One a second for months: too many to be spread into arguments.
  let kept = 0;
  for (const size of witness.roots.keys()) kept = Math.max(kept, size);
  if (kept > end) return cutOff(end, kept);
  if (header.size > end) return at(end + 1, 'cut_off', `the export says that it has ${header.size} entries, and ends at ${end}`);
  if (end === 0) return whole('not_signed', 'There are no entries: nothing is proven.');
  return good === end ? null : between(good + 1, end, 'not_signed', 'no checkpoint by a given key covers it');
}

/**
 * Recomputes an export from its first byte to its last: each leaf from its entry, each word's commitment, the tree, and every signed root.
 * Needs no server. Throws NotVerifiable.
 */
export async function verifyExport({ path, keys: keysOf, checkpoints }: VerifyOptions): Promise<Verification> {
  const header = await headerOf(path);
  const keys = keysOf(header.origin);
  const witness = await readWitness(checkpoints, header.origin, keys).catch((error: unknown) => {
    throw new NotVerifiable(`the checkpoints cannot be read: ${error instanceof Error ? error.message : 'unknown'}`, error);
  });
  const leaves = new SharedArrayBuffer(witness.leaves.length);
  Buffer.from(leaves).set(witness.leaves);
  const sizes = [...witness.roots.keys()];
  const input = { path, keys: keys.map(verifierText), origin: header.origin, sizes, leaves };
  const walk: Walk = { witness, row: [], end: 0, good: 0, checkpoints: 0, otherCheckpoints: 0, keptCheckpoints: 0, words: 0 };
  let problem: LogProblem | null = null;
  for await (const chunk of chunksOf(input, Math.ceil((await stat(path)).size / partBytes))) {
    problem = add(walk, chunk);
    if (problem !== null) break;
  }
  problem ??= endProblem(walk, header);
  const { end: entries, checkpoints: signed, otherCheckpoints, keptCheckpoints, words } = walk;
  const counts = { entries, checkpoints: signed, otherCheckpoints, keptCheckpoints, unusedLines: witness.unused, words };
  return { ok: problem === null, origin: header.origin, ...counts, problem };
}
