import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** The same shop as in bad-rollout; nobody has noticed but monitoring, which pages. A label in Linear approves, and the page is resolved at the end. */
export const page: Scenario = {
  ...badRollout,
  name: 'page',
  title: 'checkout fails after a rollout, and PagerDuty pages',
  trigger: { kind: 'page', title: 'checkout: error rate above 20%' },
  votes: [{ person: 'alice', verdict: 'approve', via: 'linear' }],
  settings: () => ({ pagerduty: { resolve: 'verified' } }),
};
