import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Production asks for two people, and only Alice is there: she takes it upon herself, after signing in. Everybody is told. */
export const breakGlass: Scenario = {
  ...badRollout,
  name: 'break-glass',
  title: 'one person runs a fix without its approvals',
  requester: 'alice',
  settings: () => ({ autonomy: { rules: [{ mode: 'require', needed: 2, environment: 'production' }] } }),
  votes: [{ person: 'alice', verdict: 'approve', via: 'break_glass' }],
};
