import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { either, jsonIn, secondsOf, Time, TraceQl, tempoApi, tempoTimeoutMs } from './ask.ts';

const Found = z.object({
  traceId: z.string(),
  /** Null: the root is not in the trace yet. */
  service: z.string().nullable(),
  name: z.string().nullable(),
  startedAt: z.string(),
  durationMs: z.number(),
  /** Spans that matched. */
  matched: z.number().int().nonnegative(),
});

const Output = z.object({
  /** The newest first. */
  traces: z.array(Found),
  /** Traces left out. */
  omitted: z.number().int().nonnegative(),
  /** False: Tempo stopped before it had looked at everything. Even where it is true there may be more than `limit`. */
  complete: z.boolean(),
});

const Whole = z.union([z.string(), z.number()]).default(0).transform(Number);
const SpanSet = z.object({ matched: z.number().int().nonnegative().default(0) });

const Answer = z.object({
  traces: z
    .array(
      z.object({
        traceID: z.string(),
        rootServiceName: z.string().default(''),
        rootTraceName: z.string().default(''),
        startTimeUnixNano: z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative()]),
        durationMs: z.number().nonnegative().default(0),
        spanSets: z.array(SpanSet).nullish(),
        spanSet: SpanSet.nullish(),
      }),
    )
    .nullish(),
  metrics: z.object({ completedJobs: Whole, totalJobs: Whole }).nullish(),
});

/** What Tempo says of a trace whose root it has not seen. */
const noRoot = '<root span not yet received>';

/** Traces in an answer, however many were asked for. */
const most = 100;

export const tempoSearch = read({
  name: 'tempo.search',
  summary: 'Traces with spans that a TraceQL expression selects',
  input: z
    .strictObject({ query: TraceQl, start: Time, end: Time, limit: z.int().min(1).max(most).default(20) })
    .refine(({ start, end }) => start < end, 'must start before it ends'),
  output: Output,
  command: ({ query, start, end, limit }, site) =>
    either(
      site,
      { words: ['search'], flags: [`--limit=${limit}`], address: 'host', args: [query, start, end] },
      tempoApi('search', { q: query, ...secondsOf(start, end), limit: String(limit) }),
    ),
  parse: ({ stdout }) => {
    const { traces, metrics } = parseJson(Answer, jsonIn(stdout));
    const all = (traces ?? []).map((trace) => ({
      traceId: trace.traceID,
      service: trace.rootServiceName === '' || trace.rootServiceName === noRoot ? null : trace.rootServiceName,
      name: trace.rootTraceName === '' || trace.rootTraceName === noRoot ? null : trace.rootTraceName,
      startedAt: new Date(Number(BigInt(trace.startTimeUnixNano) / 1_000_000n)).toISOString(),
      durationMs: trace.durationMs,
      matched: (trace.spanSets ?? [trace.spanSet ?? { matched: 0 }]).reduce((sum, { matched }) => sum + matched, 0),
    }));
    const { kept, omitted } = head(
      all.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)),
      most,
    );
    return { traces: kept, omitted, complete: (metrics?.completedJobs ?? 0) >= (metrics?.totalJobs ?? 0) };
  },
  timeoutMs: tempoTimeoutMs,
  permissions: ['GET /api/search'],
});
