import type { PolicyDecision, PolicyInput } from './contract.ts';
import type { Policy } from './decide.ts';

/** A question with its answer, and the hash of the bundle that gave it. */
export interface Judged {
  readonly input: PolicyInput;
  readonly decision: PolicyDecision;
  readonly bundle: string;
}

/** The one way to ask where the answer is recorded. The bundle is read in the same turn: one that is replaced meanwhile does not give its name. */
export function judge(policy: Policy, input: PolicyInput): Judged {
  const { bundle } = policy;
  return { input, decision: policy.decide(input), bundle };
}
