import { describe, expect, test } from 'vitest';
import { createRegistry } from '../../tools/registry.ts';
import type { PlanDraft, StepDraft } from '../contracts/plan.ts';
import type { Deps } from './deps.ts';
import { createPlanActivities, resolveWrite } from './plan.ts';

const registry = createRegistry();
const { stepNeeds } = createPlanActivities({ registry } as Deps);

const undo = (name: string, toRevision: number, site = 'shop'): StepDraft => ({
  operation: 'kubernetes.rollout_undo',
  site,
  input: { kind: 'deployment', namespace: 'shop', name, toRevision },
  verification: [],
});
const draftOf = (...steps: StepDraft[]): PlanDraft => ({ playbook: 'p', goal: 'g', findings: ['f1'], steps });

describe('a plan', () => {
  test('names for each step the state that is its evidence', async () => {
    expect(await stepNeeds(draftOf(undo('checkout', 2), undo('cart', 2), undo('checkout', 2, 'other')))).toHaveLength(3);
  });

  test('with two steps on one target is refused, whatever they do to it', async () => {
    const scale: StepDraft = {
      ...undo('checkout', 2),
      operation: 'kubernetes.rollout_restart',
      input: { kind: 'deployment', namespace: 'shop', name: 'checkout' },
    };
    await expect(stepNeeds(draftOf(undo('checkout', 2), undo('checkout', 3)))).rejects.toMatchObject({ code: 'plan_invalid' });
    await expect(stepNeeds(draftOf(undo('checkout', 2), scale))).rejects.toMatchObject({ code: 'plan_invalid' });
  });
});

test.each([
  ['an operation that is not registered', { operation: 'shell.run' }, 'not a registered write'],
  ['a read', { operation: 'kubernetes.get' }, 'not a registered write'],
  ['a revision in words', { input: { kind: 'deployment', namespace: 'shop', name: 'a', toRevision: '2; id' } }, 'input is not valid'],
  ['a name that is a flag', { input: { kind: 'deployment', namespace: 'shop', name: '--all', toRevision: 2 } }, 'input is not valid'],
  ['a key too many', { input: { kind: 'deployment', namespace: 'shop', name: 'a', toRevision: 2, force: true } }, 'input is not valid'],
])('a step with %s is refused', (_, change, words) => {
  expect(() => resolveWrite({ registry }, { ...undo('a', 2), ...change })).toThrow(words);
});
