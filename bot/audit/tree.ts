import { hash } from 'node:crypto';
import { subtreesOf } from './ranges.ts';

/** SHA-256 in lower-case hexadecimal. */
export type Hash = string;

/** The hash over 2^level leaves that begin at a multiple of 2^level. */
export interface Subtree {
  readonly level: number;
  readonly hash: Hash;
}

/** RFC 6962, 2.1: the root of a tree without leaves. */
export const emptyRoot: Hash = hash('sha256', '', 'hex');

/** RFC 6962, 2.1: the hash of a leaf, whose content is `body`. */
export function leafHash(body: Uint8Array): Hash {
  return hash('sha256', Buffer.concat([Buffer.of(0), body]), 'hex');
}

/** As `leafHash` of `buffer` from `start` to `end`, without a copy: the byte before `start` is overwritten. */
export function leafHashWithin(buffer: Buffer, start: number, end: number): Hash {
  buffer[start - 1] = 0;
  return hash('sha256', buffer.subarray(start - 1, end), 'hex');
}

/** RFC 6962, 2.1: the hash of a node above two others. */
export function nodeHash(left: Hash, right: Hash): Hash {
  return hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex');
}

/**
 * Puts `next` at the right of `row`, whose subtrees lie side by side, and joins what belongs together. `end` is the number of leaves
 * of the whole tree up to and with `next`. Answers the hashes of all subtrees that end there, smallest first, `next` included.
 */
export function grow(row: Subtree[], next: Subtree, end: number): readonly Hash[] {
  const ending = [next.hash];
  let { level, hash: right } = next;
  while (row.at(-1)?.level === level && end % 2 ** (level + 1) === 0) {
    right = nodeHash(row.pop()?.hash ?? '', right);
    level += 1;
    ending.push(right);
  }
  row.push({ level, hash: right });
  return ending;
}

/** The root over subtrees that lie side by side from the first leaf on, largest first. */
export function rootOf(row: readonly Subtree[]): Hash {
  const last = row.at(-1);
  if (last === undefined) return emptyRoot;
  return row.slice(0, -1).reduceRight((right, { hash: left }) => nodeHash(left, right), last.hash);
}

/** The root over 2^n leaves. `node`: 65 bytes, the first of them 1; written over. */
function rootOver(leaves: readonly Hash[], node: Buffer): Hash {
  let level: readonly string[] = leaves;
  // In between a byte is a character, which is read and written faster than two digits.
  for (let written: 'hex' | 'latin1' = 'hex'; level.length > 1; written = 'latin1') {
    const above: string[] = [];
    const wanted = level.length === 2 ? 'hex' : 'binary';
    for (let index = 0; index < level.length; index += 2) {
      node.write(level[index] ?? '', 1, 32, written);
      node.write(level[index + 1] ?? '', 33, 32, written);
      above.push(hash('sha256', node, wanted));
    }
    level = above;
  }
  return level[0] ?? emptyRoot;
}

/** The whole subtrees over leaves that begin at index `from` of the tree, from left to right; as `grow` makes them, and faster for many. */
export function subtreesOver(leaves: readonly Hash[], from: number): readonly Subtree[] {
  const node = Buffer.alloc(65, 1);
  return subtreesOf([from, from + leaves.length]).map(({ level, index }) => {
    const start = index * 2 ** level - from;
    return { level, hash: rootOver(leaves.slice(start, start + 2 ** level), node) };
  });
}
