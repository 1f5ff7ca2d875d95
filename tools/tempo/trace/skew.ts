import type { Span } from './span.ts';
import { descend, type Tree } from './tree.ts';

/** What is sent and not waited for may begin after its sender has ended. */
function waitedFor(parent: Span, child: Span): boolean {
  return parent.kind !== 'producer' && child.kind !== 'consumer';
}

/**
 * How far the clock of a callee seems to be off: a call lies within the span that waits for it. One that fits is left alone; one that is not
 * longer than its caller goes to its middle, as if both ways took as long; a longer one begins no earlier than its caller.
 */
function skewOf(parent: Span, child: Span): number {
  if (parent.clock === child.clock || !waitedFor(parent, child)) return 0;
  const spare = parent.end - parent.start - (child.end - child.start);
  if (spare < 0) return Math.max(0, parent.start - child.start);
  const fits = child.start >= parent.start && child.end <= parent.end;
  return fits ? 0 : parent.start - child.start + Math.floor(spare / 2);
}

/** Spans with the clocks of other machines set by those that called them, and how many were moved. */
export function withoutSkew(
  spans: readonly Span[],
  { roots, children }: Tree,
): { readonly spans: readonly Span[]; readonly moved: number } {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const shifts = new Map<string, number>();
  const at = (span: Span): Span => {
    const shift = shifts.get(span.id) ?? 0;
    return { ...span, start: span.start + shift, end: span.end + shift };
  };
  const called = roots.flatMap((root) => descend(root, children).slice(1));
  for (const span of called) {
    const parent = byId.get(span.parent ?? '');
    if (parent === undefined) continue;
    // A machine's clock is off by the same for all that it timed below this call.
    const inherited = parent.clock === span.clock ? (shifts.get(parent.id) ?? 0) : 0;
    shifts.set(span.id, inherited + skewOf(at(parent), { ...span, start: span.start + inherited, end: span.end + inherited }));
  }
  return { spans: spans.map(at), moved: [...shifts.values()].filter((shift) => shift !== 0).length };
}
