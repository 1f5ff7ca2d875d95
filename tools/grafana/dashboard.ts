import { z } from 'zod';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { head } from '../prometheus/answer.ts';
import { beginningOf } from '../text.ts';
import { grafanaApi, grafanaTimeoutMs, Uid } from './api.ts';

const Panel = z.object({
  id: z.number().int(),
  title: z.string(),
  /** `timeseries`, `stat`, `table` … */
  type: z.string(),
  /** Null: the default one, or one for each query. */
  datasource: z.string().nullable(),
  /** What it asks its data source, in that one's language; variables stand as `$name`. */
  queries: z.array(z.string()),
});
type Panel = z.infer<typeof Panel>;

const Datasource = z
  .union([z.string(), z.object({ uid: z.string().nullish(), type: z.string().nullish() })])
  .nullish()
  .transform((one) => (typeof one === 'string' ? one : (one?.uid ?? one?.type ?? null)));

/** Where data sources keep the text of a query. */
const Target = z.record(z.string(), z.unknown()).transform((target) => {
  const text = ['expr', 'query', 'rawSql', 'rawQuery', 'expression', 'target']
    .map((key) => target[key])
    .find((one) => typeof one === 'string' && one !== '');
  return beginningOf(typeof text === 'string' ? text : JSON.stringify(target), 1000);
});

const Plain = z.object({
  id: z.number().int().default(0),
  title: z.string().default(''),
  type: z.string().default(''),
  datasource: Datasource,
  targets: z.array(Target).nullish(),
});
/** A row that is folded holds its panels. */
const Stored = Plain.extend({ panels: z.array(Plain).nullish() });

const Answer = z.object({
  dashboard: z.object({
    uid: z.string(),
    title: z.string().default(''),
    tags: z.array(z.string()).nullish(),
    panels: z.array(Stored).nullish(),
    templating: z.object({ list: z.array(z.object({ name: z.string() })).nullish() }).nullish(),
  }),
  meta: z.object({
    folderTitle: z.string().optional(),
    updated: z.string().default(''),
    updatedBy: z.string().default(''),
    version: z.number().int().default(0),
  }),
});

/** Panels in an answer. */
const limit = 100;

function panelsOf(stored: readonly z.infer<typeof Stored>[]): Panel[] {
  return stored
    .flatMap(({ panels, ...panel }) => [panel, ...(panels ?? [])])
    .filter(({ type }) => type !== 'row')
    .map(({ targets, ...panel }) => ({ ...panel, queries: (targets ?? []).slice(0, 20) }));
}

export const grafanaDashboard = read({
  name: 'grafana.dashboard',
  summary: 'A dashboard: its panels with their queries, its variables, who changed it last',
  input: z.strictObject({ uid: Uid }),
  output: z.object({
    uid: z.string(),
    title: z.string(),
    folder: z.string().nullable(),
    tags: z.array(z.string()),
    version: z.number().int(),
    updated: z.string(),
    updatedBy: z.string(),
    variables: z.array(z.string()),
    panels: z.array(Panel),
    /** Panels left out. */
    omitted: z.number().int().nonnegative(),
  }),
  command: ({ uid }) => grafanaApi(`dashboards/uid/${uid}`),
  parse: ({ stdout }) => {
    const { dashboard, meta } = parseJson(Answer, stdout);
    const { kept, omitted } = head(panelsOf(dashboard.panels ?? []), limit);
    return {
      ...{ uid: dashboard.uid, title: dashboard.title, folder: meta.folderTitle ?? null, tags: dashboard.tags ?? [] },
      ...{ version: meta.version, updated: meta.updated, updatedBy: meta.updatedBy },
      variables: (dashboard.templating?.list ?? []).map(({ name }) => name),
      ...{ panels: kept, omitted },
    };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['dashboards:read on dashboards:*'],
});
