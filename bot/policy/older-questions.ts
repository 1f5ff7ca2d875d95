import { z } from 'zod';
import { clocksAt } from '../../policy/clock.ts';

/** How plans and steps were asked about before services, impact and change windows were known to policy. */
const Older = z.looseObject({
  question: z.enum(['plan', 'execute']),
  nowMs: z.number(),
  steps: z.array(z.looseObject({ targetCount: z.number() })).min(1),
  budgets: z.looseObject({}),
  freezes: z.array(z.looseObject({ toMs: z.number() })),
});

/** How they were asked about before policy knew what Git owns. */
const BeforeOwnership = z.looseObject({
  question: z.enum(['plan', 'execute']),
  steps: z.array(z.looseObject({ impact: z.unknown(), ownership: z.undefined().optional() })).min(1),
});

/**
 * A recorded question in the form of now. What was not asked then is filled in so that the built-in rules find nothing in it: no
 * service, no window, of the impact the number of targets only, and nothing that Git would undo.
 */
export function asAskedNow(input: unknown): unknown {
  return withOwnership(withServices(input));
}

function withServices(input: unknown): unknown {
  const older = Older.safeParse(input);
  if (!older.success) return input;
  const { steps, budgets, freezes, nowMs, ...rest } = older.data;
  return {
    ...rest,
    nowMs,
    steps: steps.map(({ targetCount, ...step }) => ({
      ...step,
      service: null,
      owners: 0,
      impact: { targets: targetCount, replicas: 0, percent: 0 },
    })),
    budgets: { replicasPerStep: 0, percentPerStep: 0, ...budgets },
    freezes: freezes.map((freeze) => ({ ...freeze, until: new Date(freeze.toMs).toISOString() })),
    windows: [],
    clocks: clocksAt(new Date(nowMs), ['UTC']),
    ...(rest.question === 'execute' && { breakGlass: null, breakGlassSettings: null }),
  };
}

function withOwnership(input: unknown): unknown {
  const older = BeforeOwnership.safeParse(input);
  if (!older.success) return input;
  const steps = older.data.steps.map((step) => ({ ...step, ownership: { kind: 'apart', by: null } }));
  return { ...(older.data.question === 'plan' && { breakGlassSettings: null }), ...older.data, steps };
}
