import { z } from 'zod';
import { PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { seriesAnswer } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

const Output = z.object({
  series: z.array(z.record(z.string(), z.string())),
  /** Series left out. */ omitted: z.number().int().nonnegative(),
});

/** Series in an answer. */
const limit = 500;

export const prometheusSeries = read({
  name: 'prometheus.series',
  summary: 'Label sets of the series that a selector matches',
  input: z.strictObject({ match: PromQl, start: Time.optional(), end: Time.optional() }),
  output: Output,
  command: ({ match, start, end }, site) =>
    query(site, 'series', flags({ match, start, end }), [], prometheusApi('series', { 'match[]': match, start, end })),
  parse: ({ stdout }) => {
    const all = seriesAnswer(stdout);
    return { series: all.slice(0, limit), omitted: Math.max(0, all.length - limit) };
  },
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/series'],
});
