import { badRollout } from './bad-rollout.ts';
import { badRolloutWrongFix } from './bad-rollout-wrong-fix.ts';
import { breakGlass } from './break-glass.ts';
import { expiry } from './expiry.ts';
import { freeze } from './freeze.ts';
import { healthy } from './healthy.ts';
import { linearAgent } from './linear-agent.ts';
import { linearLabel } from './linear-label.ts';
import { llmInvestigation } from './llm-investigation.ts';
import { movedTarget } from './moved-target.ts';
import { page } from './page.ts';
import { quorum } from './quorum.ts';
import { rejected } from './rejected.ts';
import type { Scenario } from './scenario.ts';
import { selfApproval } from './self-approval.ts';
import { storm } from './storm.ts';

export const scenarios: readonly Scenario[] = [
  badRollout,
  badRolloutWrongFix,
  rejected,
  healthy,
  quorum,
  selfApproval,
  movedTarget,
  expiry,
  freeze,
  breakGlass,
  linearLabel,
  linearAgent,
  page,
  storm,
  llmInvestigation,
];

/** Throws RangeError with the names that exist. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new RangeError(`no scenario "${name}"; there are: ${scenarios.map((scenario) => scenario.name).join(', ')}`);
  return found;
}
