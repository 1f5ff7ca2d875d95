import type { BreakGlass, Plan, PlanState, StepRecord, Vote } from '../workflows/contracts/plan.ts';

/** A stored plan as views need it. `nameOf` turns a person id into the name that people know. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly requestHash: string;
  readonly state: PlanState;
  readonly votes: readonly Vote[];
  readonly steps: readonly StepRecord[];
  readonly breakGlass: BreakGlass | null;
}

export type NameOf = (personId: string) => string;

/** What a button of a plan carries: an id and the hash of exactly what was shown. */
export function planReference(shown: ShownPlan): string {
  return JSON.stringify({ p: shown.plan.id, h: shown.requestHash });
}
