import type { Scenario } from './scenario.ts';

/** Nothing is wrong. */
export const healthy: Scenario = {
  name: 'healthy',
  title: 'a question about a healthy checkout',
  mention: 'is checkout all right? Somebody said it felt slow.',
  service: 'checkout',
  site: 'sandbox',
  requester: 'erin',
  outcome: 'healthy',
  votes: [],
  events: [],
};
