import { imageOf } from '../model/faults.ts';
import { badRollout } from './bad-rollout.ts';
import type { Scenario } from './scenario.ts';

const alerts = (alertname: string, service: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    labels: { alertname, service, namespace: 'shop', severity: 'critical', path: `/${service}/${index}` },
    summary: `${alertname}: ${service}, path /${service}/${index}`,
  }));

/**
 * Sixty alerts of two causes at once. checkout crashes as in bad-rollout, and frontend, which calls it, fails with it; catalog got an image that
 * does not exist. Two incidents come of it; the outcome is that of checkout's.
 */
export const storm: Scenario = {
  ...badRollout,
  name: 'storm',
  title: 'sixty alerts of two causes',
  trigger: {
    kind: 'alerts',
    alerts: [...alerts('HighErrorRate', 'checkout', 25), ...alerts('HighErrorRate', 'frontend', 20), ...alerts('SlowStart', 'catalog', 15)],
  },
  events: [
    ...badRollout.events,
    {
      agoSeconds: 300,
      event: { type: 'rollout', deployment: 'catalog', image: imageOf('catalog', '4.2.0'), changeCause: 'release 4.2.0' },
    },
  ],
};
