import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** The same shop as in bad-rollout; people say no. */
export const rejected: Scenario = {
  ...badRollout,
  name: 'rejected',
  title: 'checkout fails after a rollout, and the plan is rejected',
  outcome: 'rejected',
  votes: [{ person: 'alice', verdict: 'reject' }],
};
