import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

/** The same shop as in bad-rollout; nobody has noticed but monitoring, which pages. */
export const pagerDutyPage: Scenario = {
  ...badRollout,
  name: 'pagerduty-page',
  title: 'checkout fails after a rollout, and PagerDuty pages',
  trigger: { kind: 'page', title: 'checkout: error rate above 20%' },
};
