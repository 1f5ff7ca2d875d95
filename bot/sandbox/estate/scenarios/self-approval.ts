import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Alice asks for the fix and may approve plans, but not this one. */
export const selfApproval: Scenario = {
  ...badRollout,
  name: 'self-approval',
  title: 'the requester approves her own fix, which does not count',
  requester: 'alice',
  votes: [
    { person: 'alice', verdict: 'approve' },
    { person: 'bob', verdict: 'approve' },
  ],
};
