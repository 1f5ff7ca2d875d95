import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { NotFound, TargetMissing } from '../errors.ts';
import { argument, Comment, Time } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type HttpCommand, read, write } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { grafanaApi, grafanaTimeoutMs, grafanaWrite, Uid } from './api.ts';

const Annotation = z.object({
  id: z.number().int(),
  /** Null: of the whole organization. */
  dashboard: z.string().nullable(),
  panel: z.number().int().nullable(),
  at: z.string(),
  /** Null: a moment. */
  until: z.string().nullable(),
  text: z.string(),
  tags: z.array(z.string()),
  by: z.string(),
});
type Annotation = z.infer<typeof Annotation>;

const Answer = z.array(
  z.object({
    id: z.number().int(),
    dashboardUID: z.string().nullish(),
    panelId: z.number().int().default(0),
    time: z.number(),
    timeEnd: z.number().default(0),
    text: z.string().default(''),
    tags: z.array(z.string()).nullish(),
    login: z.string().default(''),
  }),
);

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

function annotationsOf(stdout: string): Annotation[] {
  return parseJson(Answer, stdout).map(({ id, dashboardUID, panelId, time, timeEnd, text, tags, login }) => ({
    ...{ id, dashboard: dashboardUID || null, panel: panelId || null, at: instant(time) },
    until: timeEnd === 0 || timeEnd === time ? null : instant(timeEnd),
    ...{ text, tags: tags ?? [], by: login },
  }));
}

/** Annotations in an answer. */
const limit = 100;
const permission = 'annotations:read on annotations:type:*';

export const grafanaAnnotations = read({
  name: 'grafana.annotations',
  summary: 'What people and programs noted on dashboards in a time: deployments, incidents, changes of alerts',
  input: z
    .strictObject({ from: Time, to: Time, dashboard: Uid.optional(), tag: argument(100).optional() })
    .refine(({ from, to }) => from < to, 'must begin before it ends'),
  output: z.object({ annotations: z.array(Annotation), /** There may be more than are told. */ more: z.boolean() }),
  command: ({ from, to, dashboard, tag }) =>
    grafanaApi('annotations', { from: Date.parse(from), to: Date.parse(to), dashboardUID: dashboard, tags: tag, limit }),
  parse: ({ stdout }) => {
    const { kept, omitted } = head(annotationsOf(stdout), limit);
    return { annotations: kept, more: omitted > 0 || kept.length === limit };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: [permission],
});

/** What an annotation of ours is found by again. */
const Which = z.strictObject({ at: Time, text: Comment, dashboard: Uid.optional() });
type Which = z.infer<typeof Which>;

const ours = 'watchkeeper';

/** Those of ours that hold at that millisecond. */
function lookup({ at, dashboard }: Which): HttpCommand {
  const time = Date.parse(at);
  return grafanaApi('annotations', { from: time, to: time, dashboardUID: dashboard, tags: ours, type: 'annotation', limit });
}

function matching({ at, text, dashboard }: Which, stdout: string): Annotation[] {
  return annotationsOf(stdout).filter(
    (one) => Date.parse(one.at) === Date.parse(at) && one.text === text && (dashboard === undefined || one.dashboard === dashboard),
  );
}

const AnnotationState = z.object({
  count: z.number().int().nonnegative(),
  /** Null unless there is exactly one. */ annotation: Annotation.nullable(),
});
type AnnotationState = z.infer<typeof AnnotationState>;

export const annotationState = read({
  name: 'grafana.annotation_state',
  summary: 'Whether an annotation that was made here is there',
  input: Which,
  output: AnnotationState,
  command: lookup,
  parse: ({ stdout }, input) => {
    const found = matching(input, stdout);
    return { count: found.length, annotation: found.length === 1 ? (found[0] ?? null) : null };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: [permission],
});

const count = (value: number): Expectation => ({ pointer: '/count', op: 'eq', value });
const noDryRunReason = 'the API of Grafana has no dry run';
const state = ({ at, text, dashboard }: Which) => ({
  operation: 'grafana.annotation_state',
  input: { at, text, ...(dashboard === undefined ? {} : { dashboard }) },
});

export const annotate = write({
  name: 'grafana.annotate',
  tier: 'low',
  summary: 'Note something on a dashboard, or on all of them: when an incident began, what was changed',
  input: Which.extend({
    /** Unset: a moment. */ until: Time.optional(),
    panel: z.int().positive().optional(),
    tags: z.array(argument(50)).max(10).default([]),
  })
    .refine(({ panel, dashboard }) => panel === undefined || dashboard !== undefined, 'a panel needs its dashboard')
    .refine(({ at, until }) => until === undefined || at < until, 'must begin before it ends'),
  output: z.object({ id: z.number().int() }),
  command: ({ at, until, text, dashboard, panel, tags }) =>
    grafanaWrite('POST', 'annotations', {
      ...(dashboard === undefined ? {} : { dashboardUID: dashboard }),
      ...(panel === undefined ? {} : { panelId: panel }),
      ...{ time: Date.parse(at), timeEnd: Date.parse(until ?? at), tags: [...new Set([ours, ...tags])], text },
    }),
  noDryRunReason,
  parse: ({ stdout }) => ({ id: parseJson(z.object({ id: z.number().int() }), stdout).id }),
  timeoutMs: grafanaTimeoutMs,
  permissions: ['annotations:create on annotations:type:*'],
  state,
  stateOutput: AnnotationState,
  preconditions: () => [count(0)],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [count(1)],
  verification: (input) => [{ title: 'The annotation is there', ...state(input), expect: [count(1)], withinSeconds: 30, stableSeconds: 0 }],
  rollback: (input) => ({ operation: 'grafana.annotation_delete', input: state(input).input }),
});

/** Stands in the path until the annotation is looked up: its id exists only once it was made. */
const placeholder = 'ID-OF-THE-ANNOTATION';

export const annotationDelete = write({
  name: 'grafana.annotation_delete',
  tier: 'low',
  summary: 'Take an annotation away that was made here',
  input: Which,
  output: z.object({}),
  command: (input) => ({
    ...grafanaWrite('DELETE', `annotations/${placeholder}`),
    bound: {
      placeholder,
      command: lookup(input),
      value: ({ stdout }) => {
        const [only, ...more] = matching(input, stdout);
        if (only === undefined || more.length > 0)
          throw new NotFound(only === undefined ? 'there is no such annotation' : 'there are several such annotations');
        return String(only.id);
      },
    },
  }),
  noDryRunReason,
  parse: () => ({}),
  timeoutMs: grafanaTimeoutMs,
  permissions: ['annotations:delete on annotations:type:*'],
  state,
  stateOutput: AnnotationState,
  preconditions: (_input, before) => [{ pointer: '/annotation/id', op: 'eq', value: annotationOf(before).id }],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: () => [count(0)],
  verification: (input) => [{ title: 'The annotation is gone', ...state(input), expect: [count(0)], withinSeconds: 30, stableSeconds: 0 }],
  rollback: (input, before) => {
    const { until, panel, tags } = annotationOf(before);
    const more = { ...(until === null ? {} : { until }), ...(panel === null ? {} : { panel }), tags: tags.filter((tag) => tag !== ours) };
    return { operation: 'grafana.annotate', input: { ...state(input).input, ...more } };
  },
});

function annotationOf({ annotation }: AnnotationState): Annotation {
  if (annotation === null) throw new TargetMissing('there is no such annotation, or more than one');
  return annotation;
}
