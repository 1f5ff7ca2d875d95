import { expect, test } from 'vitest';
import { at, deployment, event, pod, seen, shop } from './arbitraries.ts';
import { changesBefore } from './changes.ts';
import { toldApplications, toldReleases } from './deliveries.ts';
import { diagnose } from './diagnose.ts';
import type { SeenEvent } from './model/workload.ts';
import type { Kept } from './observed.ts';

const scaled = (name: string, age: number): SeenEvent => ({
  ...event(name, 'ScalingReplicaSet', `Scaled up replica set ${name}-5d9c from 0 to 1`, 'deployment', age),
  warning: false,
});
const crashing = pod('api', { ready: false }, { restartCount: 3, state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: null } });
const backOff = (age: number) => event('api-5d9c-x', 'BackOff', 'Back-off restarting failed container', 'pod', age);
const planted = (...events: readonly SeenEvent[]) =>
  shop({ objects: [deployment('api', {}, {}, 0)], pods: [crashing], more: { events: [backOff(600), ...events] } });
const none = { dependsOn: () => false };

function ranked(...events: readonly SeenEvent[]) {
  const snapshot = planted(...events);
  const [finding] = diagnose(snapshot);
  if (finding === undefined) throw new Error('nothing was found');
  return changesBefore(snapshot, finding, none).map(({ entity, age }) => `${entity.name} ${age}`);
}

test('what changed after the first symptom did not bring it about', () => {
  expect(ranked(scaled('api', 30))).toEqual([]);
  expect(ranked(scaled('api', 700))).toEqual(['api 700']);
});

test('of two changes the one of the workload itself comes first, though the other is nearer in time', () => {
  expect(ranked(scaled('web', 610), scaled('api', 900))).toEqual(['api 900', 'web 610']);
});

test('a change of an hour before the window is not looked at', () => {
  expect(ranked(scaled('api', 600 + 3_700))).toEqual([]);
});

test('a finding names the change that fits, with its observation; one elsewhere is not named', () => {
  const own = { ...scaled('api', 660), observation: 'd'.repeat(64) };
  const [named] = diagnose(planted(own));
  expect(named?.mechanism).toContain(
    'Before it: Scaled up replica set api-5d9c from 0 to 1 (1 minutes before the first symptom, of itself)',
  );
  expect(named?.edges.map(({ observation }) => observation)).toContain(own.observation);
  const [other] = diagnose(planted({ ...scaled('web', 660), ...seen('e') }));
  expect(other?.mechanism).not.toContain('Before it');
});

test('a delivery is named by the label that it sets on its workload; of one without a time nothing is known', () => {
  const labelled = { ...(deployment('api', {}, {}, 0) as Record<string, unknown>) };
  const metadata = { name: 'api', namespace: 'shop', labels: { app: 'api', 'app.kubernetes.io/instance': 'backend' } };
  const releases = {
    releases: [
      { name: 'backend', namespace: 'shop', revision: 7, updated: '2026-01-01 11:48:00.123456789 +0000 UTC', status: 'deployed' },
      { name: 'front', namespace: 'shop', revision: 2, updated: '2026-01-01 11:49:00 +0000 UTC', status: 'deployed' },
      { name: 'other', namespace: 'shop', revision: 2, updated: 'yesterday', status: 'deployed' },
    ],
  };
  const body = { operation: 'helm.list', output: releases, site: 'a' } as unknown as Kept['body'];
  const told = toldReleases({ id: 'd'.repeat(64), body }, at);
  expect(told.deliveries?.map(({ age }) => (age === null ? null : Math.round(age)))).toEqual([720, 660, null]);
  const more = { ...told, events: [backOff(600)] };
  const [named] = diagnose(shop({ objects: [{ ...labelled, metadata }], pods: [crashing], more }));
  expect(named?.mechanism).toContain('Before it: Helm delivered revision 7 of backend (2 minutes before the first symptom, of itself)');
});

test('an application was delivered when its latest deployment ended', () => {
  const application = {
    name: 'web',
    namespace: 'shop',
    sync: 'Synced',
    health: 'Degraded',
    revision: 'a'.repeat(40),
    deployedAt: '2026-01-01T11:59:00Z',
  };
  const body = { operation: 'argocd.app_list', output: { applications: [application], omitted: 0 }, site: 'a' } as unknown as Kept['body'];
  expect(toldApplications({ id: 'd'.repeat(64), body }, at).deliveries).toMatchObject([{ system: 'argocd', name: 'web', age: 60 }]);
});
