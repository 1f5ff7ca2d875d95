import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, timeOf } from './answer.ts';
import { prometheusApi, prometheusTimeoutMs } from './promtool.ts';

const Counts = z.array(z.object({ name: z.string(), value: z.number() }));

const Output = z.object({
  series: z.number().int().nonnegative(),
  chunks: z.number().int().nonnegative(),
  /** Null: nothing is stored in the head yet. */
  from: z.string().nullable(),
  until: z.string().nullable(),
  /** The largest first. */
  seriesByMetric: Counts,
  valuesByLabel: Counts,
  bytesByLabel: Counts,
  seriesByPair: Counts,
});

const Answer = z.object({
  headStats: z.object({
    numSeries: z.number().int().nonnegative(),
    chunkCount: z.number().int().nonnegative(),
    minTime: z.number(),
    maxTime: z.number(),
  }),
  seriesCountByMetricName: Counts,
  labelValueCountByLabelName: Counts,
  memoryInBytesByLabelName: Counts,
  seriesCountByLabelValuePair: Counts,
});

export const prometheusTsdbStatus = read({
  name: 'prometheus.tsdb_status',
  summary: 'How much the time series database holds, and which metrics and labels make the most of it',
  input: z.strictObject({}),
  output: Output,
  command: () => prometheusApi('status/tsdb'),
  parse: ({ stdout }) => {
    const { headStats, ...counts } = apiAnswer(Answer, stdout);
    return {
      series: headStats.numSeries,
      chunks: headStats.chunkCount,
      from: timeOf(headStats.minTime),
      until: timeOf(headStats.maxTime),
      seriesByMetric: counts.seriesCountByMetricName,
      valuesByLabel: counts.labelValueCountByLabelName,
      bytesByLabel: counts.memoryInBytesByLabelName,
      seriesByPair: counts.seriesCountByLabelValuePair,
    };
  },
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/status/tsdb'],
});
