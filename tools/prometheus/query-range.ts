import { z } from 'zod';
import { Duration, PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { numberOf, rangeAnswer } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

const Input = z
  .strictObject({ expr: PromQl, start: Time, end: Time, step: Duration })
  .refine(({ start, end }) => start < end, 'must start before it ends');

const Series = z.object({
  labels: z.record(z.string(), z.string()),
  /** Seconds since the epoch, and the value; null: not a finite number. */
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
});

const Output = z.object({ series: z.array(Series), /** Series left out. */ omitted: z.number().int().nonnegative() });

/** Series in an answer. */
const limit = 50;

export const prometheusQueryRange = read({
  name: 'prometheus.query_range',
  summary: 'Values of a PromQL expression over a time',
  input: Input,
  output: Output,
  command: ({ expr, start, end, step }, site) =>
    query(site, 'range', flags({ start, end, step }), [expr], prometheusApi('query_range', { query: expr, start, end, step })),
  parse: ({ stdout }) => {
    const all = rangeAnswer(stdout);
    const series = all.slice(0, limit).map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([at, value]): [number, number | null] => [at, numberOf(value)]),
    }));
    return { series, omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/query_range'],
});
