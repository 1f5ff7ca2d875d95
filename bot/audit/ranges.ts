/** A node of the tree: over the leaves from `index` · 2^`level` up to, not including, (`index` + 1) · 2^`level`. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** Leaves from the first up to, not including, the second. */
type Range = readonly [from: number, to: number];

/** The largest power of two below `count`, which is at least 2. Not by logarithms: they are rounded where sizes are large. */
export function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

/** The whole subtrees of which a range of a proof is made, largest first. */
export function subtreesOf([from, to]: Range): readonly NodeId[] {
  const found: NodeId[] = [];
  for (let start = from; start < to; ) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= to) level += 1;
    found.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return found;
}

/** RFC 6962, 2.1.1: what the audit path of leaf `index` holds the hashes of, in its order. */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const ranges: Range[] = [];
  for (let [from, to] = [0, size]; to - from > 1; ) {
    const middle = from + splitOf(to - from);
    ranges.unshift(index < middle ? [middle, to] : [from, middle]);
    if (index < middle) to = middle;
    else from = middle;
  }
  return ranges;
}

/** RFC 6962, 2.1.2: what the consistency proof from a tree of `first` leaves to one of `second` holds the hashes of, in its order. */
export function consistencyRanges(first: number, second: number): readonly Range[] {
  if (first === 0) return [];
  const ranges: Range[] = [];
  let [from, to] = [0, second];
  while (first !== to) {
    const middle = from + splitOf(to - from);
    ranges.unshift(first <= middle ? [middle, to] : [from, middle]);
    if (first <= middle) to = middle;
    else from = middle;
  }
  return from === 0 ? ranges : [[from, to], ...ranges];
}
