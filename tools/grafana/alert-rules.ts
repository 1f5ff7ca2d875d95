import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, head } from '../prometheus/answer.ts';
import { grafanaApi, grafanaTimeoutMs } from './api.ts';

const strings = z.record(z.string(), z.string());

const Instance = z.object({ state: z.string(), labels: strings, activeAt: z.string().nullable(), value: z.string() });

const Rule = z.object({
  uid: z.string().nullable(),
  name: z.string(),
  folder: z.string(),
  group: z.string(),
  /** `firing`, `pending`, `inactive` …; null: a recording rule. */
  state: z.string().nullable(),
  /** `ok`, `error`, `nodata` … */
  health: z.string(),
  lastError: z.string().nullable(),
  /** Null: not told by this version. */
  paused: z.boolean().nullable(),
  labels: strings,
  /** Instances that are not normal. */
  instances: z.array(Instance),
});

const Answer = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      file: z.string().default(''),
      rules: z.array(
        z.object({
          uid: z.string().optional(),
          name: z.string(),
          state: z.string().optional(),
          health: z.string().default('unknown'),
          lastError: z.string().optional(),
          isPaused: z.boolean().optional(),
          labels: strings.nullish(),
          alerts: z
            .array(
              z.object({ state: z.string(), labels: strings.nullish(), activeAt: z.string().nullish(), value: z.string().default('') }),
            )
            .nullish(),
        }),
      ),
    }),
  ),
});

/** Rules in an answer, and instances of a rule. */
const limits = { rules: 200, instances: 20 };

const calm = new Set(['normal', 'inactive']);

export const grafanaAlertRules = read({
  name: 'grafana.alert_rules',
  summary: 'Alert rules that Grafana evaluates, with their states; those that are not calm first',
  input: z.strictObject({}),
  output: z.object({ rules: z.array(Rule), /** Rules left out. */ omitted: z.number().int().nonnegative() }),
  command: () => grafanaApi('prometheus/grafana/api/v1/rules'),
  parse: ({ stdout }) => {
    const all = apiAnswer(Answer, stdout).groups.flatMap(({ name: group, file: folder, rules }) =>
      rules.map((rule) => ({
        ...{ uid: rule.uid ?? null, name: rule.name, folder, group, state: rule.state ?? null, health: rule.health },
        ...{ lastError: rule.lastError || null, paused: rule.isPaused ?? null, labels: rule.labels ?? {} },
        instances: (rule.alerts ?? [])
          .filter(({ state }) => !calm.has(state.toLowerCase()))
          .slice(0, limits.instances)
          .map(({ state, labels, activeAt, value }) => ({ state, labels: labels ?? {}, activeAt: activeAt ?? null, value })),
      })),
    );
    const isCalm = ({ state, health }: (typeof all)[number]) => (state === null || calm.has(state)) && health === 'ok';
    const { kept, omitted } = head(
      all.toSorted((a, b) => Number(isCalm(a)) - Number(isCalm(b))),
      limits.rules,
    );
    return { rules: kept, omitted };
  },
  timeoutMs: grafanaTimeoutMs,
  permissions: ['alert.rules:read on folders:*'],
});
