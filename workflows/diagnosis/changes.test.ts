import fc from 'fast-check';
import { expect, test } from 'vitest';
import { at, deployment, event, pod, seen, shop } from './arbitraries.ts';
import { changesBefore } from './changes.ts';
import { toldConfigMaps } from './configured.ts';
import { toldApplications, toldReleases } from './deliveries.ts';
import { diagnose } from './diagnose.ts';
import type { SeenChange } from './model/change.ts';
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

const told = (over: Partial<SeenChange> = {}): SeenChange => ({
  ...{ ...seen('c'), kind: 'merge', source: 'GitHub', entity: { kind: 'repository', namespace: null, name: 'acme/shop' } },
  ...{ services: ['shop/api'], age: 700, words: '#7 was merged', url: 'https://github.test/acme/shop/pull/7', ...over },
});
/** Of the finding that says that `api` crashes since ten minutes. */
function rankedOf(changes: readonly SeenChange[]) {
  const snapshot = { ...planted(), changes };
  const [finding] = diagnose({ ...snapshot, changes: [] });
  if (finding === undefined) throw new Error('nothing was found');
  return changesBefore(snapshot, finding, none);
}

test('what claims to lie a little after the first symptom is told with its clock, and ranked below the same before it', () => {
  const [late] = rankedOf([told({ age: 500 })]);
  expect(late?.because).toBe('100 seconds after the first symptom by the clock of GitHub, which may be wrong by so much, of itself');
  expect(late?.score).toBeLessThan(rankedOf([told({ age: 610 })])[0]?.score ?? 0);
  expect(rankedOf([told({ age: 400 })])).toEqual([]);
  // The cluster's own clock is nearer to that of its events.
  expect(rankedOf([told({ age: 500, source: 'the cluster' })])).toEqual([]);
});

test('a clock that is far ahead makes nothing new', () => {
  expect(rankedOf([told({ age: -3_600 })])).toEqual([]);
});

test('of a cloud only what the finding speaks of is near; else it weighs little', () => {
  const cloud = told({ kind: 'cloud', source: 'AWS', services: [], entity: { kind: 'cloud', namespace: null, name: 'orders-db' } });
  const snapshot = { ...planted(), changes: [cloud] };
  const [finding] = diagnose(planted());
  if (finding === undefined) throw new Error('nothing was found');
  const score = (over: object) => changesBefore(snapshot, { ...finding, cause: 'database_host', ...over }, none)[0]?.score ?? 0;
  expect(score({ facts: { host: 'orders-db.abc.eu-west-1.rds.amazonaws.com' } })).toBeGreaterThan(0.5);
  expect(score({ facts: { host: 'orders-db-2' } })).toBeLessThan(0.3);
  expect(score({})).toBeLessThan(0.3);
});

test('a config map that a container is told of, and that is new, is of itself; one that nobody names is not', () => {
  const objects = ['api-flags', 'other'].map((name) => ({ metadata: { name, creationTimestamp: '2026-01-01T11:49:00Z' } }));
  const body = { operation: 'kubernetes.get', input: { kind: 'configmap', namespace: 'shop' }, output: { objects }, site: 'a' };
  const more = { changes: toldConfigMaps([{ id: 'd'.repeat(64), body: body as unknown as Kept['body'] }], at), events: [backOff(600)] };
  const api = deployment('api', {}, { envFrom: [{ configMapRef: { name: 'api-flags' } }] }, 0);
  const [named] = diagnose(shop({ objects: [api], pods: [crashing], more }));
  expect(named?.changes?.map(({ words }) => words)).toEqual(['the config map api-flags was created']);
  expect(named?.mechanism).toContain('Before it: the config map api-flags was created (1 minutes before the first symptom, of itself)');
});

const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('rollout', 'delivery', 'scaling', 'node', 'configuration', 'merge', 'announced', 'cloud'),
    source: fc.constantFrom('the cluster', 'GitHub', 'AWS'),
    entity: fc.record({
      kind: fc.constantFrom('release', 'service', 'configmap', 'node'),
      namespace: fc.constantFrom('shop', 'other', null),
      name: fc.constantFrom('api', 'web', 'x'),
    }),
    services: fc.constantFrom([], ['shop/api'], ['shop/db']),
    age: fc.integer({ min: -400, max: 9_000 }),
    words: fc.constantFrom('a', 'b', ''),
    url: fc.constant(null),
    observation: fc.constantFrom('c'.repeat(64), 'd'.repeat(64)),
    site: fc.constantFrom('a', 'b'),
  }),
  { maxLength: 12 },
);

test('the order depends on nothing but the changes: not on the order in which they were read, nor on others', () => {
  const shown = (all: readonly SeenChange[]) =>
    rankedOf(all).map(({ score, because, ...rest }) => JSON.stringify([score, rest.words, rest.entity, rest.age, rest.site, rest.kind]));
  fc.assert(
    fc.property(changes, changes, (some, more) => {
      const usual = shown(some);
      expect(shown(some.toReversed())).toEqual(usual);
      expect(new Set(usual).size).toBe(usual.length);
      const known = new Set(usual);
      expect(shown([...some, ...more]).filter((each) => known.has(each))).toEqual(usual);
      const scores = rankedOf(some).map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const score of scores) expect(score).toBeGreaterThanOrEqual(0);
      for (const score of scores) expect(score).toBeLessThanOrEqual(1);
    }),
    { numRuns: 200 },
  );
});
