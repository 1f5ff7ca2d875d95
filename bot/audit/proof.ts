import { consistencyRanges, inclusionRanges, type NodeId, splitOf, subtreesOf } from './ranges.ts';
import { emptyRoot, type Hash, nodeHash, rootOf, type Subtree } from './tree.ts';

/** Hashes of nodes in the order asked for. All are whole subtrees of the stored tree. */
export type ReadNodes = (nodes: readonly NodeId[]) => Promise<readonly Hash[]>;

/** One read for all ranges; each answers the root over its subtrees. */
async function hashesOf(read: ReadNodes, ranges: readonly (readonly [number, number])[]): Promise<readonly Hash[]> {
  const parts = ranges.map(subtreesOf);
  const hashes = (await read(parts.flat()))[Symbol.iterator]();
  return parts.map((nodes) => rootOf(nodes.map(({ level }): Subtree => ({ level, hash: hashes.next().value ?? '' }))));
}

/** RFC 6962, 2.1.1: for the leaf at `index` (from 0) in a tree of `size` leaves. */
export function inclusionProof(read: ReadNodes, index: number, size: number): Promise<readonly Hash[]> {
  return hashesOf(read, inclusionRanges(index, size));
}

/** RFC 6962, 2.1.2: that the tree of `first` leaves is the beginning of that of `second`. */
export function consistencyProof(read: ReadNodes, first: number, second: number): Promise<readonly Hash[]> {
  return hashesOf(read, consistencyRanges(first, second));
}

/** The subtrees of which the first `size` leaves are made. */
export async function rowAt(read: ReadNodes, size: number): Promise<Subtree[]> {
  const nodes = subtreesOf([0, size]);
  const hashes = await read(nodes);
  return nodes.map(({ level }, position) => ({ level, hash: hashes[position] ?? '' }));
}

export interface Inclusion {
  /** From 0. */
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

const odd = (n: number) => n % 2 === 1;
const half = (n: number) => Math.floor(n / 2);

/** RFC 9162, 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (index < 0 || index >= size) return false;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const next of proof) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      hash = nodeHash(next, hash);
      for (; !odd(at) && at !== 0; last = half(last)) at = half(at);
    } else hash = nodeHash(hash, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash === root;
}

export interface Consistency {
  readonly first: number;
  readonly second: number;
  readonly firstRoot: Hash;
  readonly secondRoot: Hash;
  readonly proof: readonly Hash[];
}

/** RFC 9162, 2.1.4.2. The empty tree is the beginning of every other. */
export function verifyConsistency({ first, second, firstRoot, secondRoot, proof }: Consistency): boolean {
  if (first === second) return proof.length === 0 && firstRoot === secondRoot;
  if (first === 0) return proof.length === 0 && firstRoot === emptyRoot;
  if (first > second) return false;
  // A first tree that is one whole subtree begins its own proof.
  const [start, ...rest] = splitOf(first + 1) === first ? [firstRoot, ...proof] : proof;
  if (start === undefined || rest.length === 0) return false;
  let [at, last, before, after] = [first - 1, second - 1, start, start];
  for (; odd(at); last = half(last)) at = half(at);
  for (const next of rest) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      [before, after] = [nodeHash(next, before), nodeHash(next, after)];
      for (; !odd(at) && at !== 0; last = half(last)) at = half(at);
    } else after = nodeHash(after, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && before === firstRoot && after === secondRoot;
}
