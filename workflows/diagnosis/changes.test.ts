import { expect, test } from 'vitest';
import { deployment, event, pod, seen, shop } from './arbitraries.ts';
import { changesBefore } from './changes.ts';
import { diagnose } from './diagnose.ts';
import type { SeenEvent } from './model/workload.ts';

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
