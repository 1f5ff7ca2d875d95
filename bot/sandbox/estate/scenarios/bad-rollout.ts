import { imageOf } from '../model/faults.ts';
import type { Scenario } from './scenario.ts';

/** Revision 8 needs an environment variable that nobody set: its pods crash on start. The previous revision works. */
export const badRollout: Scenario = {
  name: 'bad-rollout',
  title: 'checkout fails after a rollout',
  mention: 'checkout is failing since the last deploy, customers see errors when they pay. Can you look?',
  service: 'checkout',
  site: 'sandbox',
  requester: 'erin',
  outcome: 'resolved',
  votes: [
    { person: 'alice', verdict: 'approve' },
    { person: 'bob', verdict: 'approve' },
  ],
  events: [
    {
      agoSeconds: 360,
      event: { type: 'rollout', deployment: 'checkout', image: imageOf('checkout', '1.8.0'), changeCause: 'release 1.8.0' },
    },
  ],
};
