import type { Plan, Step } from '../workflows/contracts/plan.ts';
import { excerpt } from './excerpt.ts';
import type { StepBudget } from './plan-step.ts';

/** Characters of commands and diffs on a whole card. */
const whole = 9000;

/** Of one code block, however few steps there are. */
const most = { characters: 1500, lines: 25 };

/** What each step of a plan may take on its card. */
export function cardBudget(plan: Plan): StepBudget {
  const characters = Math.min(most.characters, Math.floor(whole / plan.steps.length / 3));
  return { command: characters, diff: { ...most, characters } };
}

/** A step whose diff does not fit on the card. */
export type LongStep = Step & { readonly dryRun: Extract<Step['dryRun'], { kind: 'shown' }> };

export function longSteps(plan: Plan): readonly LongStep[] {
  const { diff } = cardBudget(plan);
  return plan.steps.filter((step): step is LongStep => step.dryRun.kind === 'shown' && !excerpt(step.dryRun.diff, diff).whole);
}
