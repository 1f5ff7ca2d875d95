import type { Span } from './span.ts';
import type { Tree } from './tree.ts';

/** Spans that failed although nothing that they called did: where errors begin. */
export function origins(spans: readonly Span[], children: Tree['children']): Span[] {
  return spans.filter(({ id, error }) => error && !(children.get(id) ?? []).some((child) => child.error));
}

/** Calls between services. */
export interface Calls {
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Of those, calls whose callee failed. */
  readonly errors: number;
}

/** The most frequent first. */
export function callsOf(spans: readonly Span[], children: Tree['children']): Calls[] {
  const pairs = spans.flatMap((caller) =>
    (children.get(caller.id) ?? [])
      .filter(({ service }) => service !== caller.service)
      .map((callee) => ({ from: caller.service, to: callee.service, error: callee.error })),
  );
  return [...Map.groupBy(pairs, ({ from, to }) => JSON.stringify([from, to])).values()]
    .map((all) => ({ from: all[0]?.from ?? '', to: all[0]?.to ?? '', count: all.length, errors: all.filter(({ error }) => error).length }))
    .toSorted((a, b) => b.count - a.count || a.from.localeCompare(b.from) || a.to.localeCompare(b.to));
}
