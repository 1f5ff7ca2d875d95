import { describe, expect, test } from 'vitest';
import { scopeOfLabels, scopeOfPage, serviceInWords, workloadOfPod } from './scope.ts';
import { Alerts } from './settings.ts';

const known = [
  { name: 'checkout', site: 'prod-eu', namespace: 'shop', pagerduty: 'PSHOP' },
  { name: 'cart', site: 'prod-eu', namespace: 'shop', pagerduty: 'PSHOP' },
  { name: 'search', site: 'prod-eu', namespace: 'find', pagerduty: 'PFIND' },
];
const scopeOf = (labels: Record<string, string>) => scopeOfLabels(labels, 'g1', known, Alerts.parse({}));

describe('labels name a configured service', () => {
  test.each([
    ['by the first configured label', { service: 'checkout', alertname: 'Slow' }],
    ['by a later label, where the first names none of ours', { service: 'kube-state-metrics', deployment: 'checkout', namespace: 'shop' }],
    ['by the workload of a pod', { job: 'kube-state-metrics', pod: 'checkout-7d9f8b6c5d-x2x4z', namespace: 'shop' }],
    ['with their site', { app: 'checkout', cluster: 'prod-eu' }],
  ])('%s', (_, labels) => {
    expect(scopeOf(labels)).toEqual({ scope: 'service:checkout', service: 'checkout', site: 'prod-eu', namespace: 'shop' });
  });

  test.each([
    ['another namespace', { service: 'checkout', namespace: 'staging' }],
    ['another cluster', { service: 'checkout', cluster: 'staging-eu' }],
  ])('and not in %s', (_, labels) => {
    expect(scopeOf(labels).service).toBeNull();
  });
});

describe('what is not configured is told apart by what the sender names', () => {
  test.each([
    [{ service: 'kube-state-metrics', instance: '10.0.0.9:8080', deployment: 'a', namespace: 'n' }, 'workload:n/a'],
    [{ service: 'kube-state-metrics', instance: '10.0.0.9:8080', deployment: 'b', namespace: 'n' }, 'workload:n/b'],
    [{ job: 'kube-state-metrics', pod: 'db-0', namespace: 'n', cluster: 'c' }, 'workload:c/n/db'],
    [{ job: 'node-exporter', pod: 'node-exporter-x2x4z', namespace: 'monitoring', instance: '10.0.0.1:9100' }, 'instance:/10.0.0.1:9100'],
    [{ job: 'kubelet', node: 'worker-1' }, 'node:/worker-1'],
    [{ service: 'mail', instance: '10.0.0.1:80' }, 'name:/mail'],
    [{ alertname: 'Odd' }, 'group:/g1/Odd'],
    [{ service: '', alertname: 'Odd' }, 'group:/g1/Odd'],
  ])('%j', (labels, scope) => {
    expect(scopeOf(labels as Record<string, string>)).toMatchObject({ scope, service: null });
  });
});

test.each([
  ['checkout-7d9f8b6c5d-x2x4z', 'checkout'],
  ['redis-0', 'redis'],
  ['agent-x2x4z', 'agent'],
  ['checkout', 'checkout'],
])('the pod %s is of %s', (pod, workload) => {
  expect(workloadOfPod(pod)).toBe(workload);
});

test.each([
  ['PFIND', 'anything', 'search'],
  ['PSHOP', 'cart is slow', 'cart'],
  ['PSHOP', 'cart and checkout are slow', null],
  ['PNEW', 'checkout is slow', null],
])("PagerDuty's %s with the title %s", (id, title, service) => {
  const found = scopeOfPage(id, title, known);
  expect(found.service).toBe(service);
  if (service === null) expect(found.scope).toBe(`pagerduty:${id}`);
});

test('a service in words stands as a word of its own', () => {
  expect(serviceInWords('The cart fails', known)?.name).toBe('cart');
  expect(serviceInWords('cartridges fail', known)).toBeNull();
});
