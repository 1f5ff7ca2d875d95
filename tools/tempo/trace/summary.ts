import { z } from 'zod';
import { beginningOf } from '../../text.ts';
import { criticalPath, type Segment } from './critical-path.ts';
import { callsOf, origins } from './errors.ts';
import type { TraceAnswer } from './otlp.ts';
import { withoutSkew } from './skew.ts';
import { type Span, spansOf } from './span.ts';
import { treeOf } from './tree.ts';

const count = z.number().int().nonnegative();
const Where = { service: z.string(), name: z.string() };

/** Durations in milliseconds. */
export const TraceSummary = z.object({
  /** False: spans are missing, or their parents are. */
  complete: z.boolean(),
  /** Why it is not; empty: not told. */
  note: z.string(),
  spans: count,
  startedAt: z.string(),
  /** Of the root; null: no spans. */
  root: z.object({ ...Where, durationMs: z.number(), error: z.boolean() }).nullable(),
  services: z.array(z.object({ name: z.string(), spans: count, errors: count })),
  /** Spans that the root's end waited for, in the order of time; `ms`: of this span alone. */
  criticalPath: z.array(z.object({ ...Where, spanId: z.string(), ms: z.number(), percent: z.number(), error: z.boolean() })),
  /** Milliseconds of the path that are in no entry, since there were too many. */
  criticalPathOmittedMs: z.number(),
  errors: z.object({
    spans: count,
    /** Where errors begin: spans that failed although nothing that they called did. */
    origins: z.array(z.object({ ...Where, count, message: z.string() })),
    originsOmitted: count,
  }),
  calls: z.array(z.object({ from: z.string(), to: z.string(), count, errors: count })),
  /** Spans whose clocks were off and were set by their callers. */
  skewed: count,
});
export type TraceSummary = z.infer<typeof TraceSummary>;

const most = { services: 50, path: 30, origins: 20, calls: 50 };

function ms(nanoseconds: number): number {
  return Math.round(nanoseconds / 1000) / 1000;
}

/** One entry for each span, at the place of its first segment. The shortest are left out where there are too many. */
function pathOf(segments: readonly Segment[], total: number) {
  const entries = [...Map.groupBy(segments, ({ span }) => span.id).values()].flatMap((all) => {
    const [first] = all;
    const own = all.reduce((sum, { from, until }) => sum + until - from, 0);
    return first === undefined ? [] : [{ span: first.span, own }];
  });
  const kept = new Set(entries.toSorted((a, b) => b.own - a.own).slice(0, most.path));
  const path = entries
    .filter((entry) => kept.has(entry))
    .map(({ span, own }) => ({
      ...{ service: span.service, name: span.name, spanId: span.id, ms: ms(own), error: span.error },
      percent: total === 0 ? 0 : Math.round((own / total) * 1000) / 10,
    }));
  const omitted = entries.filter((entry) => !kept.has(entry)).reduce((sum, { own }) => sum + own, 0);
  return { criticalPath: path, criticalPathOmittedMs: ms(omitted) };
}

function originsOf(spans: readonly Span[]): TraceSummary['errors']['origins'] {
  return [...Map.groupBy(spans, ({ service, name }) => JSON.stringify([service, name])).values()]
    .map((all) => ({
      ...{ service: all[0]?.service ?? '', name: all[0]?.name ?? '', count: all.length },
      message: beginningOf(all.find(({ message }) => message !== '')?.message ?? '', 300),
    }))
    .toSorted((a, b) => b.count - a.count || a.service.localeCompare(b.service) || a.name.localeCompare(b.name));
}

/** What a trace says: where its time went, where its errors began, who called whom. */
export function summarize({ resources, partial, message }: z.infer<typeof TraceAnswer>): TraceSummary {
  const { began, spans: timed } = spansOf(resources);
  const { spans, moved } = withoutSkew(timed, treeOf(timed));
  const { roots, children } = treeOf(spans);
  const root = roots.find(({ parent }) => parent === null) ?? roots[0];
  const orphans = roots.filter(({ parent }) => parent !== null).length;
  const failed = originsOf(origins(spans, children));
  const services = [...Map.groupBy(spans, ({ service }) => service)].map(([name, all]) => ({
    ...{ name, spans: all.length, errors: all.filter(({ error }) => error).length },
  }));
  return {
    complete: !partial && orphans === 0,
    note: message || (orphans === 0 ? '' : `${orphans} spans name a parent that is not in the trace`),
    spans: spans.length,
    startedAt: new Date(Number(began / 1_000_000n)).toISOString(),
    root: root === undefined ? null : { service: root.service, name: root.name, durationMs: ms(root.end - root.start), error: root.error },
    services: services.toSorted((a, b) => b.spans - a.spans || a.name.localeCompare(b.name)).slice(0, most.services),
    ...pathOf(root === undefined ? [] : criticalPath(root, children), root === undefined ? 0 : root.end - root.start),
    errors: {
      spans: spans.filter(({ error }) => error).length,
      origins: failed.slice(0, most.origins),
      originsOmitted: Math.max(0, failed.length - most.origins),
    },
    calls: callsOf(spans, children).slice(0, most.calls),
    skewed: moved,
  };
}
