import { z } from 'zod';
import { PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { head, instantAnswer, instantOf, numberOf } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

const Sample = z.object({
  labels: z.record(z.string(), z.string()),
  /** Null: not a finite number. */
  value: z.number().nullable(),
  at: z.string(),
});

/** Samples of an instant query. */
export const InstantAnswer = z.object({
  samples: z.array(Sample),
  /** The value when there is exactly one sample, else null. Checks point here. */
  value: z.number().nullable(),
  /** Samples left out. */
  omitted: z.number().int().nonnegative(),
});

/** Samples in an answer. */
const limit = 500;

export function samplesOf(text: string): z.infer<typeof InstantAnswer> {
  const all = instantAnswer(text).map(({ metric, value: [at, value] }) => ({ labels: metric, value: numberOf(value), at: instantOf(at) }));
  const only = all.length === 1 ? all[0] : undefined;
  const { kept, omitted } = head(all, limit);
  return { samples: kept, value: only?.value ?? null, omitted };
}

export const prometheusQuery = read({
  name: 'prometheus.query',
  summary: 'Value of a PromQL expression at one time',
  input: z.strictObject({ expr: PromQl, /** Unset: now. */ time: Time.optional() }),
  output: InstantAnswer,
  command: ({ expr, time }, site) => query(site, 'instant', flags({ time }), [expr], prometheusApi('query', { query: expr, time })),
  parse: ({ stdout }) => samplesOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/query'],
});
