import type { Span } from './span.ts';
import type { Tree } from './tree.ts';

/** A time in which this span, and none that it called, was what its caller waited for. Nanoseconds since the trace began. */
export interface Segment {
  readonly span: Span;
  readonly from: number;
  readonly until: number;
}

interface Visit {
  readonly span: Span;
  readonly from: number;
  /** Everything after it is told. */
  cursor: number;
  /** Calls that were not looked at yet, the one that ended last first. */
  readonly calls: Call[];
}

interface Call {
  readonly span: Span;
  readonly from: number;
  readonly until: number;
}

/**
 * Who the end of a span waited for, from the end to the beginning: the call that ended last, what that one waited for, then the call that
 * ended last before that one began … The segments follow each other without a gap and make up the whole span: cutting one short would have
 * made it shorter. What a call did outside of its caller's time is not counted.
 */
export function criticalPath(root: Span, children: Tree['children']): Segment[] {
  const visit = ({ span, from, until }: Call): Visit => ({
    ...{ span, from, cursor: until },
    calls: (children.get(span.id) ?? [])
      .map((child) => ({ span: child, from: Math.max(child.start, from), until: Math.min(child.end, until) }))
      .filter((call) => call.from < call.until)
      .toSorted((a, b) => b.until - a.until || b.from - a.from),
  });
  const segments: Segment[] = [];
  const open: Visit[] = [visit({ span: root, from: root.start, until: root.end })];
  for (let here = open.at(-1); here !== undefined; here = open.at(-1)) {
    const next = here.calls.shift();
    const self = next === undefined ? here.from : next.until;
    // It ran beside what is told already.
    if (self > here.cursor) continue;
    if (self < here.cursor) segments.push({ span: here.span, from: self, until: here.cursor });
    if (next === undefined) {
      open.pop();
      continue;
    }
    here.cursor = next.from;
    open.push(visit(next));
  }
  return segments.toReversed();
}
