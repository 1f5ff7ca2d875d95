import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scenarioNamed } from '../scenarios/index.ts';
import { advance } from './advance.ts';
import { counts } from './conditions.ts';
import { podsOf, replicaSetsOf, sum } from './controller.ts';
import { imageOf } from './faults.ts';
import { seed } from './seed.ts';
import type { EstateState } from './state.ts';
import { restart, scale, setImage, undo, undoTarget } from './writes.ts';

const start = Date.UTC(2030, 0, 1);
const write = fc.oneof(
  fc.record({ kind: fc.constant('undo' as const), revision: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ kind: fc.constant('scale' as const), replicas: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ kind: fc.constant('image' as const), tag: fc.constantFrom('1.6.0', '1.7.0', '1.7.1', '1.8.0', '9.9.9') }),
  fc.record({ kind: fc.constant('restart' as const) }),
);
type Write = typeof write extends fc.Arbitrary<infer W> ? W : never;

function perform(state: EstateState, change: Write, at: number): void {
  const checkout = checkoutOf(state);
  if (change.kind === 'scale') scale(state, checkout, change.replicas, at);
  else if (change.kind === 'image') setImage(state, checkout, imageOf('checkout', change.tag), at);
  else if (change.kind === 'restart') restart(state, checkout, at);
  else {
    const target = undoTarget(state, checkout, change.revision);
    if (target.kind === 'found') undo(state, checkout, target.set, at);
  }
}

function checkoutOf(state: EstateState) {
  const checkout = state.deployments.find(({ name }) => name === 'checkout');
  if (!checkout) throw new Error('no checkout');
  return checkout;
}

it('keeps uids, revisions and pod counts right under any sequence of writes', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('healthy', 'bad-rollout'),
      fc.array(fc.tuple(write, fc.integer({ min: 0, max: 3000 })), { maxLength: 12 }),
      (scenario, changes) => {
        const state = seed(scenarioNamed(scenario), start);
        const { uid } = checkoutOf(state);
        let now = start;
        for (const [change, pause] of changes) {
          const newest = checkoutOf(state).revision;
          perform(state, change, now);
          now += pause;
          advance(state, now);
          expect(checkoutOf(state).revision).toBeGreaterThanOrEqual(newest);
        }
        advance(state, now + 60_000);
        const checkout = checkoutOf(state);
        const sets = replicaSetsOf(state, 'checkout');
        expect(checkout.uid).toBe(uid);
        expect(checkout.observedGeneration).toBe(checkout.generation);
        expect(new Set(sets.map((set) => set.revision)).size).toBe(sets.length);
        expect(checkout.revision).toBe(Math.max(...sets.map((set) => set.revision)));
        for (const set of sets) expect(podsOf(state, set)).toHaveLength(set.replicas);
        const total = sum(sets.map((set) => set.replicas));
        const { current } = counts(state, checkout);
        const healthy = current !== undefined && podsOf(state, current).every((pod) => pod.fault === null);
        if (healthy) expect([total, current.replicas]).toEqual([checkout.replicas, checkout.replicas]);
        else expect(total).toBeLessThanOrEqual(checkout.replicas + checkout.maxSurge);
      },
    ),
    { numRuns: 60 },
  );
});

it('gives the same story after one long pause as after many short ones', () => {
  const long = seed(scenarioNamed('bad-rollout'), start);
  const short = structuredClone(long);
  advance(long, start + 400_000);
  for (let at = start; at <= start + 400_000; at += 777) advance(short, at);
  advance(short, start + 400_000);
  expect(short).toEqual(long);
});
