import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

const dayMs = 86_400_000;

/** A freeze holds: the cause is found, and policy does not let the fix be proposed. */
export const freeze: Scenario = {
  ...badRollout,
  name: 'freeze',
  title: 'a fix during a freeze',
  outcome: 'rejected',
  settings: (now) => ({
    calendar: {
      freezes: [
        {
          name: 'end of the quarter',
          sites: ['*'],
          from: new Date(now.getTime() - dayMs).toISOString(),
          to: new Date(now.getTime() + dayMs).toISOString(),
        },
      ],
    },
  }),
  votes: [],
};
