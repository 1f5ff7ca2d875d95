import { imageOf } from '../model/faults.ts';
import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** Somebody ships a hotfix while the plan waits. The approval is not for that: the change stops, and is asked for anew. */
export const movedTarget: Scenario = {
  ...badRollout,
  name: 'moved-target',
  title: 'the target changes while its plan waits',
  meanwhile: [{ type: 'rollout', deployment: 'checkout', image: imageOf('checkout', '1.8.1'), changeCause: 'hotfix 1.8.1' }],
  votes: [
    { person: 'alice', verdict: 'approve' },
    { person: 'bob', verdict: 'approve' },
  ],
};
