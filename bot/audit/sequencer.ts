import type { DatabasePool } from 'slonik';
import { insertCheckpoint } from '../store/audit-checkpoints.ts';
import { entriesBetween, insertSequence, lockSequence, look, readNodes, type SequenceHead, sequenceHead } from '../store/audit-sequence.ts';
import { inTransaction } from '../store/pool.ts';
import type { Tx } from '../store/sql.ts';
import { refuseFork } from './broken.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import type { Signer } from './note.ts';
import { rowAt } from './proof.ts';
import { createSettled } from './settled.ts';
import { grow, leafHash, rootOf, type Subtree } from './tree.ts';

export interface SequencerOptions {
  readonly pool: DatabasePool;
  /** Its name is the log's origin. */
  readonly signer: Signer;
  /** The newest checkpoint that is known from outside the database; null: none. */
  readonly remembered: () => Checkpoint | null;
}

/** `standby`: another process sequences. `idle`: there was nothing new. */
export type Round = { readonly kind: 'standby' | 'idle' } | { readonly kind: 'signed'; readonly count: number; readonly size: number };

export interface Sequencer {
  /** Gives the next entries their places, extends the tree and signs its root, in one transaction. Throws LogBroken, StoreUnavailable. */
  round(): Promise<Round>;
}

/** Entries per round, and so at most between two checkpoints. */
export const roundLimit = 256;

/** What this process knows of the log without asking. */
interface Known {
  readonly head: SequenceHead;
  readonly row: readonly Subtree[];
  readonly signed: Checkpoint | null;
}

/** The right edge of the tree. What is not as this process left it is compared with what was signed before anything is built on it. */
async function edge(tx: Tx, head: SequenceHead, known: Known, remembered: Checkpoint | null): Promise<Known> {
  if (known.head.seq === head.seq && known.head.entry === head.entry) return known;
  for (const signed of [known.signed, remembered]) if (signed !== null) await refuseFork(tx, head.seq, signed);
  return { ...known, head, row: await rowAt(readNodes(tx), head.seq) };
}

/** `upTo`: the last entry that may get a place. */
async function extend(tx: Tx, from: Known, upTo: number, signer: Signer): Promise<Known> {
  const entries = await entriesBetween(tx, from.head.entry, upTo, roundLimit);
  const last = entries.at(-1);
  if (last === undefined) return from;
  const row = [...from.row];
  const places = entries.map(({ entry, body }, index) => {
    const seq = from.head.seq + index + 1;
    return { seq, entry, hashes: grow(row, { level: 0, hash: leafHash(body) }, seq) };
  });
  await insertSequence(tx, places);
  const signed = { origin: signer.name, size: from.head.seq + entries.length, root: rootOf(row) };
  await insertCheckpoint(tx, signed.size, signCheckpoint(signed, signer));
  return { head: { seq: signed.size, entry: last.entry }, row, signed };
}

/** One of any number: in each round at most one of them holds the lock. */
export function createSequencer({ pool, signer, remembered }: SequencerOptions): Sequencer {
  const settled = createSettled();
  // No log's head: the first round looks.
  let known: Known = { head: { seq: -1, entry: -1 }, row: [], signed: null };

  async function work(tx: Tx): Promise<{ round: Round; after: Known }> {
    if (!(await lockSequence(tx))) return { round: { kind: 'standby' }, after: known };
    const before = await edge(tx, await sequenceHead(tx), known, remembered());
    const after = await extend(tx, before, settled.upTo(await look(tx)), signer);
    const count = after.head.seq - before.head.seq;
    return { round: count === 0 ? { kind: 'idle' } : { kind: 'signed', count, size: after.head.seq }, after };
  }

  return {
    async round() {
      const { round, after } = await inTransaction(pool, work);
      known = after;
      return round;
    },
  };
}
