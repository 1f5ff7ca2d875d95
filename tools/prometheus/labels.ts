import { z } from 'zod';
import { LabelName, PromQl, Time } from '../grammar.ts';
import { read } from '../operation.ts';
import { head, stringsAnswer } from './answer.ts';
import { flags, prometheusApi, prometheusTimeoutMs, query } from './promtool.ts';

/** Unset: of all series, at whatever time. */
export const Within = { match: PromQl.optional(), start: Time.optional(), end: Time.optional() };

const omitted = z.number().int().nonnegative();

export const Names = z.object({ names: z.array(z.string()), /** Names left out. */ omitted });
export const Values = z.object({ values: z.array(z.string()), /** Values left out. */ omitted });

/** Names or values in an answer. */
const limit = 1000;

export function namesOf(text: string): z.infer<typeof Names> {
  const { kept, omitted: left } = head(stringsAnswer(text), limit);
  return { names: kept, omitted: left };
}

export function valuesOf(text: string): z.infer<typeof Values> {
  const { kept, omitted: left } = head(stringsAnswer(text), limit);
  return { values: kept, omitted: left };
}

export const prometheusLabels = read({
  name: 'prometheus.labels',
  summary: 'Names of the labels that series have',
  input: z.strictObject(Within),
  output: Names,
  // promtool lists values only.
  command: ({ match, start, end }) => prometheusApi('labels', { 'match[]': match, start, end }),
  parse: ({ stdout }) => namesOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/labels'],
});

export const prometheusLabelValues = read({
  name: 'prometheus.label_values',
  summary: 'Values that a label has',
  input: z.strictObject({ label: LabelName, ...Within }),
  output: Values,
  command: ({ label, match, start, end }, site) =>
    query(site, 'labels', flags({ match, start, end }), [label], prometheusApi(`label/${label}/values`, { 'match[]': match, start, end })),
  parse: ({ stdout }) => valuesOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/label/{name}/values'],
});
