import { z } from 'zod';
import { read } from '../operation.ts';
import { apiAnswer, head } from './answer.ts';
import { prometheusApi, prometheusTimeoutMs } from './promtool.ts';

const Rule = z.object({
  group: z.string(),
  name: z.string(),
  kind: z.enum(['alerting', 'recording']),
  expr: z.string(),
  /** `firing`, `pending` or `inactive`; null for recording rules. */
  state: z.string().nullable(),
  /** `ok`, `err` or `unknown`. */
  health: z.string(),
  lastError: z.string().nullable(),
});

export const Rules = z.object({ rules: z.array(Rule), /** Rules left out. */ omitted: z.number().int().nonnegative() });

/** Rules in an answer. */
const limit = 300;

const Answer = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          name: z.string(),
          type: z.enum(['alerting', 'recording']),
          query: z.string(),
          state: z.string().optional(),
          health: z.string().default('unknown'),
          lastError: z.string().optional(),
        }),
      ),
    }),
  ),
});

export function rulesOf(text: string): z.infer<typeof Rules> {
  const all = apiAnswer(Answer, text).groups.flatMap(({ name: group, rules }) => rules.map((rule) => ({ group, rule })));
  const { kept, omitted } = head(all, limit);
  const rules = kept.map(({ group, rule }) => ({
    group,
    name: rule.name,
    kind: rule.type,
    expr: rule.query,
    state: rule.state ?? null,
    health: rule.health,
    lastError: rule.lastError || null,
  }));
  return { rules, omitted };
}

export const prometheusRules = read({
  name: 'prometheus.rules',
  summary: 'Alerting and recording rules with their state and health',
  input: z.strictObject({}),
  output: Rules,
  command: () => prometheusApi('rules'),
  parse: ({ stdout }) => rulesOf(stdout),
  timeoutMs: prometheusTimeoutMs,
  permissions: ['GET /api/v1/rules'],
});
