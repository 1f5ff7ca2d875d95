import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Production asks for two people: the first approval changes nothing yet. */
export const quorum: Scenario = {
  ...badRollout,
  name: 'quorum',
  title: 'a fix that needs two approvals',
  settings: () => ({ autonomy: { rules: [{ mode: 'require', needed: 2, environment: 'production' }] } }),
  votes: [
    { person: 'alice', verdict: 'approve' },
    { person: 'bob', verdict: 'approve' },
  ],
};
