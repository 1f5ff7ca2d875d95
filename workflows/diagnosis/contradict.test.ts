import { expect, test } from 'vitest';
import type { Estate } from '../ports.ts';
import { event, node, type Plant, pod, seen, service, shop } from './arbitraries.ts';
import { diagnose } from './diagnose.ts';

const api = 'api-5d9c-x';
const nobody = service('api', { selector: { app: 'nobody' } });
const rate = (value: number) => ({
  errorRates: [
    { ...seen('9'), service: { name: 'api', site: 'a', namespace: 'shop', errorRateLimit: 0.05 } as Estate['services'][number], value },
  ],
});
const reach = (ok: boolean) => ({ reach: [{ ...seen('9'), namespace: 'shop', service: 'api', port: 80, from: null, ok }] });
const cut = node('worker-1', {}, {}, 'Unknown');
const young = (startedAt: string) => ({ ...pod('api', { startedAt }), observation: '9'.repeat(64) });
const image = 'registry.test/api:1';
const pulling = pod('api', { ready: false }, { state: { kind: 'waiting', reason: 'ErrImagePull', message: `${image}: i/o timeout` } });
const refused = event(api, 'Failed', `Failed to pull image "${image}": i/o timeout`, 'pod', 60);
const pulled = (from: string, age: number) => ({
  ...event('web-5d9c-x', 'Pulled', `Successfully pulled image "${from}" in 2s`, 'pod', age),
  ...{ observation: '9'.repeat(64), warning: false },
});

const cases: readonly (readonly [what: string, cause: string, plant: Plant, against: Plant, beside: Plant])[] = [
  [
    'requests of a service that is said to lead nowhere succeed',
    'service_selector_mismatch',
    { objects: [nobody] },
    { objects: [nobody], more: rate(0.01) },
    { objects: [nobody], more: rate(0.3) },
  ],
  [
    'a service that is said to lead nowhere is reached',
    'service_selector_mismatch',
    { objects: [nobody] },
    { objects: [nobody], more: reach(true) },
    { objects: [nobody], more: reach(false) },
  ],
  [
    'a node that is said to be down starts a pod',
    'kubelet_down',
    { objects: [cut] },
    { objects: [cut], pods: [young('2026-01-01T11:59:30Z')] },
    { objects: [cut], pods: [young('2026-01-01T10:00:00Z')] },
  ],
  [
    'a registry that is said to be away gives another image',
    'image_registry_unreachable',
    { pods: [pulling], more: { events: [refused] } },
    { pods: [pulling], more: { events: [refused, pulled('registry.test/web:1', 10)] } },
    { pods: [pulling], more: { events: [refused, pulled('registry.test/web:1', 300), pulled('other.test/web:1', 10)] } },
  ],
];

test.each(cases)('%s', (_what, cause, plant, against, beside) => {
  const found = (one: Plant) => diagnose(shop(one)).find((finding) => finding.cause === cause);
  const [plain, contradicted, not] = [found(plant), found(against), found(beside)];
  expect(plain?.edges.every(({ relation }) => relation === 'supports')).toBe(true);
  expect(contradicted?.edges.map(({ observation, relation }) => [observation[0], relation])).toContainEqual(['9', 'contradicts']);
  expect(contradicted?.mechanism).toContain('Against it: ');
  expect(contradicted?.confidence).toBeLessThan((plain?.confidence ?? 0) * 0.7);
  expect(not?.edges.some(({ relation }) => relation === 'contradicts')).toBe(false);
  expect(not?.confidence).toBe(plain?.confidence);
});

test('errors of the callers of a service that a network policy closes are evidence of the policy', () => {
  const policy = {
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: 'shop' },
    spec: { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'] },
  };
  const errors = {
    signals: [
      {
        ...seen('9'),
        entity: { kind: 'service' as const, namespace: 'shop', name: 'web' },
        metric: 'errors' as const,
        normal: 0.05,
        current: 0.4,
        words: '40 %',
      },
    ],
  };
  expect(diagnose(shop({ objects: [policy], more: errors })).map(({ cause }) => cause)).toEqual(['network_policy_denies']);
  expect(diagnose(shop({ objects: [policy] }))).toEqual([]);
});
