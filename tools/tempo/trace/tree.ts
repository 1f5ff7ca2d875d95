import type { Span } from './span.ts';

/** Spans by who called whom. */
export interface Tree {
  /** Those without a parent in the trace, the longest first; of a ring of parents its earliest span. */
  readonly roots: readonly Span[];
  /** By the id of the parent. */
  readonly children: ReadonlyMap<string, readonly Span[]>;
}

type Parent = (span: Span) => Span | undefined;

function ringFrom(member: Span, parentOf: Parent): Span[] {
  const ring = [member];
  for (let at = parentOf(member); at !== undefined && at !== member; at = parentOf(at)) ring.push(at);
  return ring;
}

/** The earliest span of each ring. */
function ringHeads(spans: readonly Span[], parentOf: Parent): Set<Span> {
  const walks = new Map<Span, number>();
  const heads = new Set<Span>();
  spans.forEach((span, walk) => {
    let at: Span | undefined = span;
    while (at !== undefined && !walks.has(at)) {
      walks.set(at, walk);
      at = parentOf(at);
    }
    if (at === undefined || walks.get(at) !== walk) return;
    heads.add(ringFrom(at, parentOf).reduce((least, one) => (one.start < least.start ? one : least)));
  });
  return heads;
}

/** From a root down, parents before children. */
export function descend(root: Span, children: Tree['children']): Span[] {
  const order: Span[] = [root];
  for (const span of order) for (const child of children.get(span.id) ?? []) order.push(child);
  return order;
}

export function treeOf(spans: readonly Span[]): Tree {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const parentOf: Parent = ({ parent }) => (parent === null ? undefined : byId.get(parent));
  const heads = ringHeads(spans, parentOf);
  const isRoot = (span: Span): boolean => heads.has(span) || parentOf(span) === undefined;
  return {
    roots: spans.filter(isRoot).toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start),
    children: Map.groupBy(
      spans.filter((span) => !isRoot(span)),
      ({ parent }) => parent ?? '',
    ),
  };
}
