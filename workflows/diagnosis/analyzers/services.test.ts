import { expect, test } from 'vitest';
import type { SeenService } from '../model/network.ts';
import type { SeenWorkload } from '../model/workload.ts';
import { emptySnapshot } from '../snapshot.ts';
import { services } from './services.ts';

const place = { observation: 'a'.repeat(64), site: 'shop', namespace: 'shop' };
const service: SeenService = { ...place, name: 'redis', type: 'ClusterIP', selector: { app: 'redis' }, ports: [] } as SeenService;
const counted = { ...place, kind: 'statefulset', name: 'redis', createdAt: null, labels: {}, selector: {}, desired: 1, ready: 1 };
const seen = (more: Partial<SeenWorkload>) => ({
  ...emptySnapshot(new Date('2026-01-01T00:00:00Z')),
  services: [service],
  workloads: [{ ...counted, spec: null, serviceName: null, ...more } as SeenWorkload],
});

test('a service of a workload that was only counted is not accused: nobody knows its labels', () => {
  expect(services(seen({}))).toEqual([]);
});

test('one of a workload with other labels is', () => {
  expect(services(seen({ selector: { app: 'cache' } }))).toMatchObject([{ cause: 'service_selector_mismatch', entity: { name: 'redis' } }]);
});
