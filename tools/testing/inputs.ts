import type { SiteFacts } from '../operation.ts';

/** One valid input for each operation; a test fails when an operation has none here. */
export const sampleInputs: Readonly<Record<string, Record<string, unknown>>> = {
  'kubernetes.describe': { kind: 'pod', namespace: 'shop', name: 'web-1' },
  'kubernetes.events': { namespace: 'shop', name: 'web-1' },
  'kubernetes.get': { kind: 'ingress', namespace: 'shop', selector: 'app=web,tier in (a, b)' },
  'kubernetes.logs': { namespace: 'shop', pod: 'web-1', container: 'web', since: '15m', previous: true },
  'kubernetes.rollout_history': { kind: 'deployment', namespace: 'shop', name: 'web' },
  'kubernetes.rollout_restart': { kind: 'statefulset', namespace: 'shop', name: 'db' },
  'kubernetes.rollout_state': { kind: 'deployment', namespace: 'shop', name: 'web' },
  'kubernetes.rollout_status': { kind: 'daemonset', namespace: 'shop', name: 'agent' },
  'kubernetes.rollout_template': { kind: 'deployment', namespace: 'shop', name: 'web', revision: 2 },
  'kubernetes.rollout_undo': { kind: 'deployment', namespace: 'shop', name: 'web', toRevision: 2 },
  'kubernetes.scale': { kind: 'deployment', namespace: 'shop', name: 'web', replicas: 5, currentReplicas: 3 },
  'kubernetes.set_image': { kind: 'deployment', namespace: 'shop', name: 'web', images: { web: 'registry.example:5000/shop/web:1.2' } },
  'kubernetes.top': { namespace: 'shop' },
  'kubernetes.workloads': { namespace: 'shop' },
  'prometheus.alerts': {},
  'prometheus.query': { expr: 'sum(rate(http_requests_total{code=~"5.."}[5m]))', time: '2026-01-02T03:04:05.000Z' },
  'prometheus.query_range': { expr: 'up', start: '2026-01-02T03:00:00.000Z', end: '2026-01-02T04:00:00.000Z', step: '1m' },
  'prometheus.rules': {},
  'prometheus.series': { match: 'up{job="web"}' },
};

/** A site that has everything. */
export const sampleSite: SiteFacts = {
  name: 'production',
  kubernetesContext: 'prod',
  prometheusUrl: 'http://prometheus.example:9090',
  has: () => true,
};
