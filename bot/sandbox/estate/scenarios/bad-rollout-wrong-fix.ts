import { imageOf, requiredVariable } from '../model/faults.ts';
import type { Scenario } from './scenario.ts';

/** Revision 8 is fine; the payment provider's certificate is of another authority since the same time. A rollback changes nothing for the customers. */
export const badRolloutWrongFix: Scenario = {
  name: 'bad-rollout-wrong-fix',
  title: 'checkout fails after a rollout that is not to blame',
  mention: 'a third of the checkouts fails, it started about when 1.8.0 went out. Can you look?',
  service: 'checkout',
  site: 'sandbox',
  requester: 'erin',
  outcome: 'rolled_back',
  votes: [
    { person: 'alice', verdict: 'approve' },
    { person: 'bob', verdict: 'approve' },
  ],
  events: [
    {
      agoSeconds: 360,
      event: {
        type: 'rollout',
        deployment: 'checkout',
        image: imageOf('checkout', '1.8.0'),
        env: { [requiredVariable]: 'https://shop.example/payments/callback' },
        changeCause: 'release 1.8.0',
      },
    },
    { agoSeconds: 345, event: { type: 'change_authority' } },
  ],
};
