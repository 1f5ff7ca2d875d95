import { describe, expect, it, test } from 'vitest';
import type { Expectation } from '../contract.ts';
import { holds } from '../expect.ts';
import { Deployment } from '../testing/deployment.ts';
import { rolloutRestart } from './rollout-restart.ts';
import { type RolloutState, rolloutState } from './rollout-state.ts';
import { rolloutUndo } from './rollout-undo.ts';
import { scale } from './scale.ts';
import { setImage } from './set-image.ts';

const web = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;

function observe(deployment: Deployment, status?: Record<string, unknown>): RolloutState {
  return rolloutState.parse({ exitCode: 0, stdout: deployment.list(status), stderr: '' }, web);
}

function released(...images: string[]): Deployment {
  const deployment = new Deployment();
  for (const image of images) {
    deployment.setImage(image);
    deployment.reconcile();
  }
  return deployment;
}

function allHold(expectations: readonly Expectation[], state: RolloutState): boolean {
  return expectations.every((expectation) => holds(expectation, state));
}

describe('kubernetes.rollout_undo', () => {
  const toTwo = { ...web, toRevision: 2 };

  it('knows its effect although the target is numbered anew', () => {
    const deployment = released('web:1', 'web:2', 'web:3');
    const before = observe(deployment);
    const probe = rolloutUndo.probe(toTwo, before);
    expect(allHold(probe, before)).toBe(false);
    deployment.undo(2);
    expect(allHold(probe, observe(deployment))).toBe(true);
    deployment.reconcile();
    const after = observe(deployment);
    expect(after.revisions.map(({ revision }) => revision)).toEqual([4, 3, 1]);
    expect(allHold(probe, after)).toBe(true);
  });

  it('rolls back to the template that was current before', () => {
    const deployment = released('web:1', 'web:2', 'web:3');
    const before = observe(deployment);
    deployment.undo(2);
    deployment.reconcile();
    const back = rolloutUndo.input.parse(rolloutUndo.rollback?.(toTwo, before).input);
    expect(back.toRevision).toBe(3);
    deployment.undo(back.toRevision);
    deployment.reconcile();
    expect(observe(deployment)).toMatchObject({ templateHash: before.templateHash, images: before.images, revision: 5 });
  });

  it('is verified by a complete rollout of the target, and by nothing less', () => {
    const deployment = released('web:1', 'web:2', 'web:3');
    const [check] = rolloutUndo.verification(toTwo, observe(deployment));
    deployment.undo(2);
    expect(allHold(check?.expect ?? [], observe(deployment))).toBe(false);
    deployment.reconcile();
    expect(allHold(check?.expect ?? [], observe(deployment, { availableReplicas: 1 }))).toBe(false);
    expect(allHold(check?.expect ?? [], observe(deployment))).toBe(true);
    expect(check).toMatchObject({ operation: 'kubernetes.rollout_state', input: web, withinSeconds: 120, stableSeconds: 10 });
  });

  it('refuses a plan to a revision that is not kept', () => {
    expect(() => rolloutUndo.probe({ ...web, toRevision: 9 }, observe(released('web:1')))).toThrow('has no revision 9');
  });

  it('refuses a plan that would have no way back', () => {
    const deployment = released('web:1');
    deployment.setImage('web:2');
    expect(() => rolloutUndo.rollback?.({ ...web, toRevision: 1 }, observe(deployment))).toThrow('no recorded revision');
  });

  it('has preconditions that another change breaks', () => {
    const deployment = released('web:1', 'web:2');
    const preconditions = rolloutUndo.preconditions({ ...web, toRevision: 1 }, observe(deployment));
    expect(allHold(preconditions, observe(deployment, { readyReplicas: 0 }))).toBe(true);
    deployment.setImage('web:4');
    expect(allHold(preconditions, observe(deployment))).toBe(false);
  });
});

describe('kubernetes.scale', () => {
  it('goes back to the number before, if nobody scaled in between', () => {
    const before = observe(released('web:1'));
    expect(scale.rollback?.({ ...web, replicas: 5 }, before)).toEqual({
      operation: 'kubernetes.scale',
      input: { ...web, replicas: 3, currentReplicas: 5 },
    });
    expect(allHold(scale.probe({ ...web, replicas: 5 }, before), before)).toBe(false);
    expect(allHold(scale.probe({ ...web, replicas: 3 }, before), before)).toBe(true);
  });

  it.each([
    [0, 3, 100],
    [1, 2, 67],
    [2, 1, 34],
    [3, 0, 0],
    [4, 1, 25],
    [30, 27, 90],
    [1000, 997, 100],
  ])('to %i replicas from 3 moves %i, which is %i percent', (replicas, moved, percent) => {
    expect(scale.impact({ ...web, replicas }, observe(released('web:1')))).toEqual({ targets: 1, replicas: moved, percent });
  });

  it('moves nothing where there is nothing', () => {
    const before = observe(released('web:1'));
    const none = { ...before, replicas: { ...before.replicas, desired: 0 } };
    expect(scale.impact({ ...web, replicas: 0 }, none)).toEqual({ targets: 1, replicas: 0, percent: 0 });
    expect(scale.impact({ ...web, replicas: 2 }, none)).toEqual({ targets: 1, replicas: 2, percent: 100 });
  });

  it('takes no daemon sets and no absurd numbers', () => {
    for (const change of [{ kind: 'daemonset' }, { replicas: -1 }, { replicas: 1.5 }, { replicas: 1001 }]) {
      expect(scale.input.safeParse({ ...web, replicas: 1, ...change }).success).toBe(false);
    }
  });
});

describe('kubernetes.set_image', () => {
  it('goes back to the images before', () => {
    const deployment = released('web:1');
    const before = observe(deployment);
    const input = { ...web, images: { web: 'web:2' } };
    expect(allHold(setImage.probe(input, before), before)).toBe(false);
    deployment.setImage('web:2');
    expect(allHold(setImage.probe(input, before), observe(deployment))).toBe(true);
    expect(setImage.rollback?.(input, before)).toEqual({ operation: 'kubernetes.set_image', input: { ...web, images: { web: 'web:1' } } });
  });

  it('refuses a container that the workload does not have', () => {
    expect(() => setImage.rollback?.({ ...web, images: { other: 'x:1' } }, observe(released('web:1')))).toThrow('has no container other');
  });
});

describe('kubernetes.rollout_restart', () => {
  it('says why it shows and undoes nothing', () => {
    expect(rolloutRestart.noDryRunReason).toContain('no dry run');
    expect(rolloutRestart.irreversibleReason).toContain('cannot be brought back');
  });

  it('is not taken for done when something else changed the workload', () => {
    const deployment = released('web:1');
    const before = observe(deployment);
    deployment.setImage('web:2');
    expect(allHold(rolloutRestart.probe(web, before), observe(deployment))).toBe(false);
    expect(allHold(rolloutRestart.probe(web, before), { ...observe(deployment), restartedAt: '2026-01-02T03:04:05Z' })).toBe(true);
  });
});

test('a change of the pod template replaces every replica', () => {
  const before = observe(released('web:1'));
  const all = { targets: 1, replicas: 3, percent: 100 };
  expect(rolloutUndo.impact({ ...web, toRevision: 1 }, before)).toEqual(all);
  expect(rolloutRestart.impact(web, before)).toEqual(all);
  expect(setImage.impact({ ...web, images: { web: 'web:2' } }, before)).toEqual(all);
});
