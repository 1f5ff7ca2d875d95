import { z } from 'zod';
import type { Expectation, Observation } from '../../tools/contract.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Impact, Measure } from './model.ts';
import type { Source } from './source.ts';

interface Sample {
  readonly at: string;
  readonly value: number;
  readonly observation: string;
}

interface Limit {
  readonly title: string;
  readonly site: string;
  readonly expr: string;
  readonly op: 'lt' | 'lte' | 'gt' | 'gte';
  readonly limit: number;
}

const Instant = z.object({ value: z.number() });
const Range = z.object({ series: z.array(z.object({ points: z.array(z.tuple([z.number(), z.number().nullable()])) })).length(1) });

function samplesOf(id: string, { output, startedAt }: Observation): Sample[] {
  const instant = Instant.safeParse(output);
  if (instant.success) return [{ at: startedAt, value: instant.data.value, observation: id }];
  const range = Range.safeParse(output);
  const points = range.success ? (range.data.series[0]?.points ?? []) : [];
  return points.flatMap(([seconds, value]) =>
    value === null ? [] : [{ at: new Date(seconds * 1_000).toISOString(), value, observation: id }],
  );
}

function limitOf({ op, value, pointer }: Expectation): Pick<Limit, 'op' | 'limit'> | null {
  const known = op === 'lt' || op === 'lte' || op === 'gt' || op === 'gte';
  return known && pointer === '/value' && typeof value === 'number' ? { op, limit: value } : null;
}

/** What the plans said that a metric has to come to: the checks of their steps. */
function limits(plans: readonly StoredPlan[]): readonly Limit[] {
  const found = plans.flatMap(({ plan }) =>
    plan.steps.flatMap(({ site, verification }) =>
      verification.flatMap(({ title, operation, input, expect }) => {
        const expr = input['expr'];
        if (operation !== 'prometheus.query' || typeof expr !== 'string') return [];
        return expect.flatMap((one): Limit[] => {
          const limit = limitOf(one);
          return limit === null ? [] : [{ title, site, expr, ...limit }];
        });
      }),
    ),
  );
  return [...new Map(found.map((one) => [`${one.site} ${one.expr} ${one.op}`, one])).values()];
}

function breaks({ op, limit }: Limit, value: number): boolean {
  if (op === 'lt') return value >= limit;
  if (op === 'lte') return value > limit;
  return op === 'gt' ? value <= limit : value < limit;
}

function measure(limit: Limit, metrics: Source['metrics']): Measure[] {
  const samples = metrics
    .filter(({ body }) => body.site === limit.site && body.input['expr'] === limit.expr)
    .flatMap(({ id, body }) => samplesOf(id, body))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const broken = samples.filter(({ value }) => breaks(limit, value));
  const [first, last] = [broken[0], broken.at(-1)];
  if (first === undefined || last === undefined) return [];
  const worst = broken.reduce((a, b) => (Math.abs(b.value - limit.limit) > Math.abs(a.value - limit.limit) ? b : a));
  const after = samples.find(({ at }) => at > last.at);
  const { title, limit: bound } = limit;
  return [{ title, limit: bound, worst: worst.value, observation: worst.observation, from: first.at, to: after?.at ?? null }];
}

const earliest = (times: readonly string[]) => times.toSorted()[0];
const latest = (times: readonly string[]) => times.toSorted().at(-1);

/** From the first alert or the first measurement beyond a limit, to the last of them; null where there is neither. */
export function impactOf({ evidence: { alerts, plans }, metrics }: Source): Impact | null {
  const measures = limits(plans).flatMap((limit) => measure(limit, metrics));
  const from = earliest([...alerts.map(({ startsAt }) => startsAt), ...measures.map((one) => one.from)]);
  if (from === undefined) return null;
  const ends = [...alerts.map(({ endsAt }) => endsAt), ...measures.map((one) => one.to)];
  const known = ends.filter((end) => end !== null);
  const to = known.length === ends.length ? (latest(known) ?? null) : null;
  return { from, to, alerts: alerts.length, measures };
}
