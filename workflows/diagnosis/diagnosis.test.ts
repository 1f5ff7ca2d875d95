import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PodSnapshot } from '../../tools/kubernetes/pod-snapshot.ts';
import type { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import { Finding } from '../contracts/finding.ts';
import { analyzers } from './analyzers/index.ts';
import { compete } from './compete.ts';
import { goodRevision } from './good-revision.ts';
import { noObjects } from './model/index.ts';
import type { SeenErrorRate, SeenLog, SeenPod, SeenRollout, Snapshot } from './snapshot.ts';

const at = new Date('2026-01-01T12:00:00.000Z');
const diagnose = (snapshot: Snapshot) => compete(analyzers.flatMap((analyze) => analyze(snapshot)));

const observation = fc.stringMatching(/^[0-9a-f]{64}$/);
/** A few names, so that parts meet; one as long as Kubernetes allows. */
const name = fc.constantFrom('checkout', 'cart', 'x'.repeat(253));
const words = fc.string({ unit: 'binary', maxLength: 900 });

const revision = fc.record({
  revision: fc.nat(9),
  name: fc.constantFrom('checkout-1', 'checkout-2', 'cart-1'),
  templateHash: fc.constant('h'),
  images: fc.constant({}),
  createdAt: fc.option(fc.constantFrom('2026-01-01T11:50:00Z', '2025-01-01T00:00:00Z', '2026-01-01T12:30:00Z')),
  changeCause: fc.constant(null),
  replicas: fc.option(fc.nat(3)),
  readyReplicas: fc.option(fc.nat(3)),
});

const state: fc.Arbitrary<RolloutState> = fc.record({
  uid: fc.uuid(),
  generation: fc.nat(9),
  observedGeneration: fc.nat(9),
  revision: fc.nat(9),
  templateHash: fc.constant('h'),
  images: fc.constant({}),
  resources: fc.constant({}),
  replicas: fc.record({ desired: fc.nat(4), updated: fc.nat(4), ready: fc.nat(4), available: fc.nat(4), unavailable: fc.nat(4) }),
  paused: fc.boolean(),
  complete: fc.boolean(),
  waitingFor: fc.option(words),
  restartedAt: fc.constant(null),
  progressDeadlineExceeded: fc.boolean(),
  revisions: fc.array(revision, { maxLength: 4 }),
});

const containerState = fc.oneof(
  fc.record({ kind: fc.constant('running' as const), startedAt: fc.constant(null) }),
  fc.record({
    kind: fc.constant('waiting' as const),
    reason: fc.constantFrom('CrashLoopBackOff', 'ImagePullBackOff', 'CreateContainerConfigError', 'ContainerCreating'),
    message: fc.option(words),
  }),
  fc.record({
    kind: fc.constant('terminated' as const),
    reason: fc.constantFrom('Error', 'Completed', 'OOMKilled'),
    message: fc.option(words),
    exitCode: fc.constantFrom(0, 1, 137),
    signal: fc.constant(null),
    startedAt: fc.constant(null),
    finishedAt: fc.constant(null),
  }),
);

const pod: fc.Arbitrary<PodSnapshot> = fc.record({
  namespace: fc.constant('shop'),
  name: fc.constantFrom('checkout-1-a', 'checkout-2-a', 'p'.repeat(253)),
  uid: fc.uuid(),
  phase: fc.constant('Running'),
  reason: fc.constant(null),
  message: fc.constant(null),
  ready: fc.boolean(),
  deleting: fc.boolean(),
  node: fc.constant(null),
  owner: fc.option(fc.record({ kind: fc.constant('ReplicaSet'), name: fc.constantFrom('checkout-1', 'checkout-2', 'cart-1') })),
  templateHash: fc.constant(null),
  startedAt: fc.constant(null),
  containers: fc.array(
    fc.record({
      name: fc.constant('app'),
      init: fc.boolean(),
      image: fc.constant('i'),
      ready: fc.boolean(),
      restartCount: fc.nat(3),
      state: fc.option(containerState),
      lastState: fc.option(containerState),
      limits: fc.constant({}),
    }),
    { maxLength: 2 },
  ),
  conditions: fc.constant([]),
});

const place = { observation, site: fc.constantFrom('a', 'b') };
const rollout: fc.Arbitrary<SeenRollout> = fc.record({
  ...place,
  kind: fc.constant('deployment'),
  namespace: fc.constant('shop'),
  name,
  state,
});
const seenPod: fc.Arbitrary<SeenPod> = fc.record({ ...place, pod });
const seenLog: fc.Arbitrary<SeenLog> = fc.record({
  ...place,
  namespace: fc.constant('shop'),
  pod: fc.constantFrom('checkout-1-a', 'checkout-2-a'),
  text: words,
});
const errorRate: fc.Arbitrary<SeenErrorRate> = fc
  .tuple(observation, fc.constantFrom('a', 'b'), name, fc.option(fc.double({ min: 0, max: 1, noNaN: true })))
  .map(([id, site, service, value]) => ({
    observation: id,
    site,
    value,
    service: {
      name: service,
      site,
      namespace: 'shop',
      owners: [],
      errorRateQuery: 'q',
      errorRateLimit: 0.05,
      verifyWithinSeconds: 60,
      channel: null,
    },
  }));

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    at: fc.constant(at),
    pastRates: fc.array(
      errorRate.map((rate) => ({ ...rate, asOf: '2026-01-01T00:00:00.000Z' })),
      { maxLength: 2 },
    ),
    rollouts: fc.array(rollout, { maxLength: 3 }),
    pods: fc.array(seenPod, { maxLength: 4 }),
    errorRates: fc.array(errorRate, { maxLength: 3 }),
    logs: fc.array(seenLog, { maxLength: 2 }),
  })
  .map((parts) => ({ ...noObjects, ...parts }));

const seen = ({ rollouts, pods, errorRates, logs }: Snapshot) =>
  new Set([...rollouts, ...pods, ...errorRates, ...logs].map((each) => each.observation));

describe('whatever is observed', () => {
  test('a finding has support among the observations, and fits its bounds', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        for (const finding of diagnose(snapshot)) {
          expect(Finding.safeParse(finding).error).toBeUndefined();
          expect(finding.edges.some(({ relation }) => relation === 'supports')).toBe(true);
          expect(finding.edges.every((edge) => seen(snapshot).has(edge.observation))).toBe(true);
          expect([finding.title, ...finding.edges.map(({ excerpt }) => excerpt)].every((text) => text.isWellFormed())).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('findings that compete leave at least one, lose no observation, and do not change when they compete again', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const all = analyzers.flatMap((analyze) => analyze(snapshot));
        const left = compete(all);
        const supports = (findings: readonly Finding[]) => new Set(findings.flatMap(({ edges }) => edges.map((edge) => edge.observation)));
        expect(left.length > 0).toBe(all.length > 0);
        expect(supports(left)).toEqual(supports(all));
        expect(compete(left)).toEqual(left);
      }),
    );
  });

  test('the revision to return to is an earlier one', () => {
    fc.assert(
      fc.property(state, (rolled) => {
        const good = goodRevision(rolled);
        const earlier = rolled.revisions.map((each) => each.revision).filter((number) => number > 0 && number < rolled.revision);
        expect(good === null).toBe(earlier.length === 0);
        if (good !== null) expect(earlier).toContain(good.revision);
      }),
    );
  });

  test('where nothing fails, nothing is found', () => {
    const calm = snapshots.map((snapshot) => ({
      ...snapshot,
      rollouts: snapshot.rollouts.map((one) => ({ ...one, state: { ...one.state, complete: true, progressDeadlineExceeded: false } })),
      pods: snapshot.pods.map((one) => ({
        ...one,
        pod: {
          ...one.pod,
          containers: one.pod.containers.map((container) => ({
            ...container,
            ready: true,
            state: { kind: 'running' as const, startedAt: null },
          })),
        },
      })),
      errorRates: snapshot.errorRates.map((one) => ({ ...one, value: one.value === null ? null : one.value * 0.05 })),
    }));
    fc.assert(
      fc.property(calm, (snapshot) => {
        expect(diagnose(snapshot)).toEqual([]);
      }),
    );
  });
});

describe('a bad rollout', () => {
  const [base] = fc.sample(state, 1) as [RolloutState];
  const [basePod] = fc.sample(pod, 1) as [PodSnapshot];
  const each = (number: number, ready: number) => ({
    revision: number,
    name: `checkout-${number}`,
    templateHash: String(number),
    images: {},
    createdAt: '2026-01-01T11:55:00Z',
    changeCause: null,
    replicas: 2,
    readyReplicas: ready,
  });
  const id = (digit: string) => digit.repeat(64);
  const snapshot: Snapshot = {
    ...noObjects,
    at,
    pastRates: [],
    rollouts: [
      {
        observation: id('1'),
        site: 'a',
        kind: 'deployment',
        namespace: 'shop',
        name: 'checkout',
        state: { ...base, revision: 4, revisions: [each(4, 0), each(3, 0), each(2, 2)], progressDeadlineExceeded: true, complete: false },
      },
    ],
    pods: [
      {
        observation: id('2'),
        site: 'a',
        pod: {
          ...basePod,
          ready: false,
          name: 'checkout-4-a',
          owner: { kind: 'ReplicaSet', name: 'checkout-4' },
          containers: [
            {
              name: 'app',
              init: false,
              image: 'i',
              ready: false,
              restartCount: 4,
              state: { kind: 'waiting', reason: 'CrashLoopBackOff', message: null },
              lastState: null,
              limits: {},
            },
          ],
        },
      },
    ],
    errorRates: [],
    logs: [{ observation: id('3'), site: 'a', namespace: 'shop', pod: 'checkout-4-a', text: 'starting\nfatal: no configuration\n' }],
  };

  test('is one finding: the crash, with the stuck rollout and the log as its evidence', () => {
    const [finding, ...others] = diagnose(snapshot);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ cause: 'crash_loop', title: 'Revision 4 of checkout crashes on start' });
    expect(finding?.edges.map((edge) => edge.observation).toSorted()).toEqual([id('1'), id('2'), id('3')]);
  });

  test('returns to the revision that still serves, not to the one before', () => {
    expect(diagnose(snapshot)[0]?.facts).toMatchObject({ revision: 4, goodRevision: 2 });
  });

  test('is not explained by the log of a pod with the same name at another site', () => {
    const elsewhere = { ...snapshot, logs: snapshot.logs.map((log) => ({ ...log, site: 'b' })) };
    expect(diagnose(elsewhere)[0]?.edges.map((edge) => edge.observation)).not.toContain(id('3'));
  });

  test('counts from its rollout; one that the clock of the cluster dates into the future is as new as one can be', () => {
    const service = { site: 'a', namespace: 'shop', name: 'checkout', errorRateLimit: 0.01 } as SeenErrorRate['service'];
    const [rolled] = snapshot.rollouts;
    const dated = (createdAt: string, rolledOutAt = createdAt) => {
      const revisions = rolled?.state.revisions.map((one) => ({ ...one, createdAt })) ?? [];
      const state = { ...base, ...rolled?.state, revisions, rolledOutAt, progressDeadlineExceeded: false, complete: true };
      const rollouts = snapshot.rollouts.map((one) => ({ ...one, state }));
      const rates = [{ observation: id('4'), site: 'a', service, value: 0.4 }];
      return diagnose({ ...snapshot, pods: [], logs: [], rollouts, errorRates: rates }).map(({ cause }) => cause);
    };
    expect(dated('2026-01-01T12:20:00Z')).toEqual(dated('2026-01-01T11:59:00Z'));
    expect(dated('2026-01-01T12:20:00Z')).not.toEqual(dated('2026-01-01T09:00:00Z'));
    // After an undo the revision is older than its rollout.
    expect(dated('2026-01-01T09:00:00Z', '2026-01-01T11:59:00Z')).toEqual(dated('2026-01-01T11:59:00Z'));
  });

  test('of a workload at another site is not this one', () => {
    const elsewhere = { ...snapshot, pods: snapshot.pods.map((one) => ({ ...one, site: 'b' })) };
    expect(diagnose(elsewhere).flatMap(({ cause, entity }) => (entity.site === 'a' ? [cause] : []))).toEqual(['rollout_stuck']);
  });
});
