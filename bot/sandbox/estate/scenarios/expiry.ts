import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Nobody answers. */
export const expiry: Scenario = {
  ...badRollout,
  name: 'expiry',
  title: 'nobody decides in time',
  outcome: 'expired',
  // Minutes: long enough for the card to be seen.
  settings: () => ({ autonomy: { approvalMinutes: 0.1 } }),
  votes: [],
};
