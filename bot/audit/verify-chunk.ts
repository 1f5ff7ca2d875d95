import { parseCheckpoint } from './checkpoint.ts';
import { CheckpointLine } from './checkpoint-file.ts';
import { type NoteKey, signedBy } from './note.ts';
import { at, type LogProblem } from './problem.ts';
import { type Hash, type Subtree, subtreesOver } from './tree.ts';
import { readEntryLine } from './verify-entry.ts';

/** What all parts of an export are compared with. */
export interface ChunkContext {
  readonly keys: readonly NoteKey[];
  readonly origin: string;
  /** Sizes at which the root is wanted, besides those of the export's own checkpoints. */
  readonly sizes: ReadonlySet<number>;
  /** Leaf hashes that are known from elsewhere, 32 bytes each, from the first entry on. */
  readonly leaves: Buffer;
}

/** A part of the tree, up to and with entry `to`. */
export interface Segment {
  readonly to: number;
  readonly subtrees: readonly Subtree[];
  /** What a signed checkpoint says the root is there; null: there is none. */
  readonly root: Hash | null;
}

/** As far as a part can tell: which entry is the first bad one, only the whole log does. */
export type PartProblem = LogProblem | { readonly code: 'unreadable' } | { readonly code: 'bad_checkpoint'; readonly size: number };

export interface ChunkResult {
  /** Place of the first entry; null: there is none. */
  readonly first: number | null;
  readonly segments: readonly Segment[];
  /** Checkpoints by given keys, and by others. */
  readonly signed: number;
  readonly others: number;
  /** Words that were opened. */
  readonly opened: number;
  /** What ends the part early. */
  readonly problem: PartProblem | null;
}

interface Reading {
  readonly context: ChunkContext;
  readonly segments: Segment[];
  /** Leaf hashes since the last segment. */
  leaves: Hash[];
  first: number | null;
  last: number;
  signed: number;
  others: number;
  opened: number;
}

function close(reading: Reading, to: number, root: Hash | null): void {
  reading.segments.push({ to, subtrees: subtreesOver(reading.leaves, reading.last - reading.leaves.length), root });
  reading.leaves = [];
}

function readEntry(reading: Reading, buffer: Buffer, start: number, end: number): PartProblem | null {
  const { leaves, sizes } = reading.context;
  const entry = readEntryLine(buffer, start, end);
  const expected = reading.last + 1;
  if (entry === null) return { code: 'unreadable' };
  const { seq, leaf, there, opened, wrongWords } = entry;
  if (reading.first !== null && seq !== expected) return at(expected, 'missing', `after ${reading.last} comes ${seq}`);
  if (leaf === null)
    return at(seq, there ? 'changed' : 'missing', there ? 'its content does not give its leaf hash' : 'its content is gone');
  if (seq * 32 <= leaves.length && leaves.toString('hex', (seq - 1) * 32, seq * 32) !== leaf)
    return at(seq, 'changed', 'it is not the entry whose leaf hash was exported with the checkpoints');
  if (wrongWords !== null) return at(seq, 'words_changed', `its ${wrongWords} is not what was committed to`);
  reading.first ??= seq;
  reading.last = seq;
  reading.opened += opened;
  reading.leaves.push(leaf);
  if (sizes.has(seq)) close(reading, seq, null);
  return null;
}

function readCheckpoint(reading: Reading, line: string): PartProblem | null {
  const { keys, origin } = reading.context;
  const { note, size } = CheckpointLine.parse(JSON.parse(line));
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === null || checkpoint.size !== size) return { code: 'bad_checkpoint', size };
  const by = checkpoint.origin === origin ? signedBy(checkpoint.note, keys) : 'unknown';
  if (by === 'bad') return { code: 'bad_checkpoint', size };
  if (by === 'unknown') reading.others += 1;
  else {
    reading.signed += 1;
    close(reading, size, checkpoint.root);
  }
  return null;
}

const [letterE, letterF, letterI, letterK] = Buffer.from('efik');

/** By the first key: `seq`, `size`, `format` or `key`. */
function readLine(reading: Reading, buffer: Buffer, start: number, end: number): PartProblem | null {
  if (end === start) return null;
  const [first, second] = [buffer[start + 2], buffer[start + 3]];
  try {
    if (second === letterE && first !== letterK) return readEntry(reading, buffer, start, end);
    if (second === letterI) return readCheckpoint(reading, buffer.toString('utf8', start, end));
    if (first === letterF || first === letterK) return null;
  } catch {
    // Not JSON, or not of that form.
  }
  return { code: 'unreadable' };
}

/** Whole lines of an export, in their order. The buffer is changed. */
export function readChunk(context: ChunkContext, buffer: Buffer): ChunkResult {
  const reading: Reading = { context, segments: [], leaves: [], first: null, last: 0, signed: 0, others: 0, opened: 0 };
  let problem: PartProblem | null = null;
  for (let start = 0; start < buffer.length && problem === null; ) {
    const found = buffer.indexOf(10, start);
    const end = found === -1 ? buffer.length : found;
    problem = readLine(reading, buffer, start, end);
    start = end + 1;
  }
  if (reading.leaves.length > 0) close(reading, reading.last, null);
  const { first, segments, signed, others, opened } = reading;
  return { first, segments, signed, others, opened, problem };
}
