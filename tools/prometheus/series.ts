import { z } from 'zod';
import { PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { head, seriesAnswer } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

/** Selector, and the time in which series must have had samples. */
export const Selected = { match: PromQl, start: Time.optional(), end: Time.optional() };

export const Series = z.object({
  series: z.array(z.record(z.string(), z.string())),
  /** Series left out. */ omitted: z.number().int().nonnegative(),
});

/** Series in an answer. */
const limit = 500;

export function labelSetsOf(text: string): z.infer<typeof Series> {
  const { kept, omitted } = head(seriesAnswer(text), limit);
  return { series: kept, omitted };
}

export const prometheusSeries = read({
  name: 'prometheus.series',
  summary: 'Label sets of the series that a selector matches',
  input: z.strictObject(Selected),
  output: Series,
  command: ({ match, start, end }, site) =>
    query(site, 'series', flags({ match, start, end }), [], prometheusApi('series', { 'match[]': match, start, end })),
  parse: ({ stdout }) => labelSetsOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/series'],
});
