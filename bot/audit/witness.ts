import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseCheckpoint } from './checkpoint.ts';
import { CheckpointLine } from './checkpoint-file.ts';
import { type NoteKey, signedBy } from './note.ts';
import { grow, type Hash, rootOf, type Subtree } from './tree.ts';

/** What checkpoints that were kept outside the database prove. */
export interface Witness {
  /** Roots by size, as signed by given keys. More than one: the log told different stories. */
  readonly roots: ReadonlyMap<number, ReadonlySet<Hash>>;
  /** Leaf hashes from the first entry on, as far as they lead to signed roots; 32 bytes each. */
  readonly leaves: Buffer;
  /** Lines that are no checkpoint, or of another log, or not signed by a given key. */
  readonly unused: number;
}

interface Gathered {
  readonly roots: Map<number, Set<Hash>>;
  readonly leaves: Buffer[];
  row: Subtree[];
  size: number;
  unused: number;
}

function readLine(text: string, origin: string, keys: readonly NoteKey[]): { root: Hash; line: CheckpointLine } | null {
  try {
    const line = CheckpointLine.parse(JSON.parse(text));
    const checkpoint = parseCheckpoint(line.note);
    const known = checkpoint?.origin === origin && checkpoint.size === line.size && signedBy(checkpoint.note, keys) === 'good';
    return known ? { root: checkpoint.root, line } : null;
  } catch {
    return null;
  }
}

/** Takes the leaves of a line where they lead from those that are there to the signed root. */
function takeLeaves(gathered: Gathered, size: number, root: Hash, leaves: Buffer): void {
  if (leaves.length % 32 !== 0 || gathered.size + leaves.length / 32 !== size) return;
  const row = [...gathered.row];
  for (let index = 0; index < leaves.length; index += 32)
    grow(row, { level: 0, hash: leaves.toString('hex', index, index + 32) }, gathered.size + index / 32 + 1);
  if (rootOf(row) !== root) return;
  gathered.leaves.push(leaves);
  gathered.row = row;
  gathered.size = size;
}

/** `paths`: files as `bot/audit/checkpoint-file.ts` writes them. Throws what reading a file throws. */
export async function readWitness(paths: readonly string[], origin: string, keys: readonly NoteKey[]): Promise<Witness> {
  const gathered: Gathered = { roots: new Map(), leaves: [], row: [], size: 0, unused: 0 };
  for (const path of paths) {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      if (text === '') continue;
      const read = readLine(text, origin, keys);
      if (read === null) {
        gathered.unused += 1;
        continue;
      }
      const { root, line } = read;
      gathered.roots.set(line.size, (gathered.roots.get(line.size) ?? new Set()).add(root));
      if (line.leaves !== undefined) takeLeaves(gathered, line.size, root, Buffer.from(line.leaves, 'base64'));
    }
  }
  return { roots: gathered.roots, leaves: Buffer.concat(gathered.leaves), unused: gathered.unused };
}
