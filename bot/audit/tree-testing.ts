import type { ReadNodes } from './proof.ts';
import { rowAt } from './proof.ts';
import { emptyRoot, grow, type Hash, nodeHash, rootOf, type Subtree } from './tree.ts';

/** A tree whose nodes are kept as the database keeps them: with each leaf the hashes of the subtrees that end there. */
export function storedTree(leaves: readonly Hash[]): { readonly read: ReadNodes; root(size: number): Promise<Hash> } {
  const row: Subtree[] = [];
  const ending = leaves.map((hash, index) => grow(row, { level: 0, hash }, index + 1));
  const read: ReadNodes = async (nodes) =>
    nodes.map(({ level, index }) => {
      const found = ending[(index + 1) * 2 ** level - 1]?.[level];
      if (found === undefined) throw new RangeError(`no node ${level}/${index}`);
      return found;
    });
  return { read, root: async (size) => rootOf(await rowAt(read, size)) };
}

function split(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

/** RFC 6962, 2.1, word by word. */
export function naiveRoot(leaves: readonly Hash[]): Hash {
  const [only] = leaves;
  if (only === undefined) return emptyRoot;
  if (leaves.length === 1) return only;
  const at = split(leaves.length);
  return nodeHash(naiveRoot(leaves.slice(0, at)), naiveRoot(leaves.slice(at)));
}

/** RFC 6962, 2.1.1, word by word. */
export function naiveInclusion(leaves: readonly Hash[], index: number): readonly Hash[] {
  if (leaves.length === 1) return [];
  const at = split(leaves.length);
  const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
  return index < at ? [...naiveInclusion(left, index), naiveRoot(right)] : [...naiveInclusion(right, index - at), naiveRoot(left)];
}

/** RFC 6962, 2.1.2, word by word. */
export function naiveConsistency(leaves: readonly Hash[], first: number, whole = true): readonly Hash[] {
  if (first === 0) return [];
  if (first === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const at = split(leaves.length);
  const [left, right] = [leaves.slice(0, at), leaves.slice(at)];
  return first <= at
    ? [...naiveConsistency(left, first, whole), naiveRoot(right)]
    : [...naiveConsistency(right, first - at, false), naiveRoot(left)];
}
