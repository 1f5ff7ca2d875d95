import { z } from 'zod';
import { Duration, PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { head, numberOf, rangeAnswer } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

/** What is asked over a time. */
export const Range = { expr: PromQl, start: Time, end: Time, step: Duration };

export const inOrder = [({ start, end }: { start: string; end: string }) => start < end, 'must start before it ends'] as const;

const Series = z.object({
  labels: z.record(z.string(), z.string()),
  /** Seconds since the epoch, and the value; null: not a finite number. */
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
});

export const RangeAnswer = z.object({ series: z.array(Series), /** Series left out. */ omitted: z.number().int().nonnegative() });

/** Series in an answer. */
const limit = 50;

export function rangesOf(text: string): z.infer<typeof RangeAnswer> {
  const { kept, omitted } = head(rangeAnswer(text), limit);
  const series = kept.map(({ metric, values }) => ({
    labels: metric,
    points: values.map(([at, value]): [number, number | null] => [at, numberOf(value)]),
  }));
  return { series, omitted };
}

export const prometheusQueryRange = read({
  name: 'prometheus.query_range',
  summary: 'Values of a PromQL expression over a time',
  input: z.strictObject(Range).refine(...inOrder),
  output: RangeAnswer,
  command: ({ expr, start, end, step }, site) =>
    query(site, 'range', flags({ start, end, step }), [expr], prometheusApi('query_range', { query: expr, start, end, step })),
  parse: ({ stdout }) => rangesOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/query_range'],
});
