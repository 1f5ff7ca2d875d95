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
const planned = { incidentId: 'i1', planId: '11111111-2222-4333-8444-555555555555' };
const draftOf = (...steps: StepDraft[]): PlanDraft => ({ playbook: 'p', goal: 'g', findings: ['f1'], steps });

describe('a plan', () => {
  test('names for each step the state that is its evidence', async () => {
    expect(await stepNeeds(draftOf(undo('checkout', 2), undo('cart', 2), undo('checkout', 2, 'other')), planned)).toHaveLength(3);
  });

  test('with two steps on one target is refused, whatever they do to it', async () => {
    const scale: StepDraft = {
      ...undo('checkout', 2),
      operation: 'kubernetes.rollout_restart',
      input: { kind: 'deployment', namespace: 'shop', name: 'checkout' },
    };
    await expect(stepNeeds(draftOf(undo('checkout', 2), undo('checkout', 3)), planned)).rejects.toMatchObject({ code: 'plan_invalid' });
    await expect(stepNeeds(draftOf(undo('checkout', 2), scale), planned)).rejects.toMatchObject({ code: 'plan_invalid' });
  });
});

test('a change of files names its plan and step, and what led to it, whatever the draft says', async () => {
  const findings = {
    listForIncident: async () => [
      { id: 'f1', title: '1.3 crashes' },
      { id: 'f2', title: 'Something else' },
    ],
  };
  const activities = createPlanActivities({ registry, findings } as unknown as Deps);
  const input = {
    ...{ repository: 'acme/shop', base: 'main', title: 'Return web to 1.2', plan: 'other', step: 's9', evidence: ['made up'] },
    edits: [{ kind: 'helm_value', file: 'values.yaml', value: 'image.tag', from: '1.3', to: '1.2' }],
  };
  const change: StepDraft = { operation: 'github.change', site: 'shop', input, verification: [] };
  const [, need] = await activities.stepNeeds(draftOf(undo('checkout', 2), change), planned);
  const step = { repository: 'acme/shop', base: 'main', plan: planned.planId, step: 's2' };
  expect(need?.state).toEqual({ operation: 'github.change_state', input: step });
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
