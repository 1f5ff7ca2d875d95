import { z } from 'zod';
import { LabelName, PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { Names, namesOf, Values, valuesOf, Within } from '../prometheus/labels.ts';
import { InstantAnswer, samplesOf } from '../prometheus/query.ts';
import { inOrder, Range, RangeAnswer, rangesOf } from '../prometheus/query-range.ts';
import { labelSetsOf, Selected, Series } from '../prometheus/series.ts';
import { Ask, Completeness, completenessOf, thanosApi, thanosTimeoutMs } from './ask.ts';

/** Downsampled data may be used up to this resolution. */
const Resolution = z.enum(['auto', '0s', '5m', '1h']).default('0s');

export const thanosQuery = read({
  name: 'thanos.query',
  summary: 'Value of a PromQL expression at one time over all stores, and whether one of them is missing',
  input: z.strictObject({ expr: PromQl, /** Unset: now. */ time: Time.optional(), maxSourceResolution: Resolution, ...Ask }),
  output: InstantAnswer.extend(Completeness),
  command: ({ expr, time, maxSourceResolution, ...ask }) =>
    thanosApi('query', ask, { query: expr, time, max_source_resolution: maxSourceResolution }),
  parse: ({ stdout }) => ({ ...samplesOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/query'],
});

export const thanosQueryRange = read({
  name: 'thanos.query_range',
  summary: 'Values of a PromQL expression over a time and all stores, and whether one of them is missing',
  input: z.strictObject({ ...Range, maxSourceResolution: Resolution, ...Ask }).refine(...inOrder),
  output: RangeAnswer.extend(Completeness),
  command: ({ expr, start, end, step, maxSourceResolution, ...ask }) =>
    thanosApi('query_range', ask, { query: expr, start, end, step, max_source_resolution: maxSourceResolution }),
  parse: ({ stdout }) => ({ ...rangesOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/query_range'],
});

export const thanosSeries = read({
  name: 'thanos.series',
  summary: 'Label sets of the series that a selector matches in all stores',
  input: z.strictObject({ ...Selected, ...Ask }),
  output: Series.extend(Completeness),
  command: ({ match, start, end, ...ask }) => thanosApi('series', ask, { 'match[]': match, start, end }),
  parse: ({ stdout }) => ({ ...labelSetsOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/series'],
});

export const thanosLabels = read({
  name: 'thanos.labels',
  summary: 'Names of the labels that series of all stores have',
  input: z.strictObject({ ...Within, ...Ask }),
  output: Names.extend(Completeness),
  command: ({ match, start, end, ...ask }) => thanosApi('labels', ask, { 'match[]': match, start, end }),
  parse: ({ stdout }) => ({ ...namesOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/labels'],
});

export const thanosLabelValues = read({
  name: 'thanos.label_values',
  summary: 'Values that a label has in all stores',
  input: z.strictObject({ label: LabelName, ...Within, ...Ask }),
  output: Values.extend(Completeness),
  command: ({ label, match, start, end, ...ask }) => thanosApi(`label/${label}/values`, ask, { 'match[]': match, start, end }),
  parse: ({ stdout }) => ({ ...valuesOf(stdout), ...completenessOf(stdout) }),
  timeoutMs: thanosTimeoutMs,
  permissions: ['GET /api/v1/label/{name}/values'],
});
