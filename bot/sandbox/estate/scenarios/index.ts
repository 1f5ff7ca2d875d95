import { badRollout } from './bad-rollout.ts';
import { badRolloutWrongFix } from './bad-rollout-wrong-fix.ts';
import { healthy } from './healthy.ts';
import { rejected } from './rejected.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [badRollout, badRolloutWrongFix, rejected, healthy];

/** Throws RangeError with the names that exist. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new RangeError(`no scenario "${name}"; there are: ${scenarios.map((scenario) => scenario.name).join(', ')}`);
  return found;
}
