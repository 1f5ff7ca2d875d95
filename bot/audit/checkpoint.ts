import { type Note, parseNote, type Signer, signNote } from './note.ts';
import type { Hash } from './tree.ts';

/** The state of a log: the note text of https://c2sp.org/tlog-checkpoint. */
export interface Checkpoint {
  /** Which log it is. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  readonly root: Hash;
}

export function signCheckpoint({ origin, size, root }: Checkpoint, signer: Signer): string {
  return signNote(`${origin}\n${size}\n${Buffer.from(root, 'hex').toString('base64')}\n`, signer);
}

export interface SignedCheckpoint extends Checkpoint {
  readonly note: Note;
}

/** What a signed note says, nothing verified. Null when it is no checkpoint. */
export function parseCheckpoint(text: string): SignedCheckpoint | null {
  const note = parseNote(text);
  const [origin = '', size = '', root = '', ...extensions] = note?.text.slice(0, -1).split('\n') ?? [];
  if (note === null || origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || !/^[A-Za-z0-9+/]{43}=$/.test(root) || extensions.includes(''))
    return null;
  return { origin, size: Number(size), root: Buffer.from(root, 'base64').toString('hex'), note };
}
