import { expect, test } from 'vitest';
import { sha256Hex } from '../../../tools/canonical.ts';
import type { StepRecord, StepState } from '../../../workflows/contracts/plan.ts';
import { planOf } from '../../store/fixtures.ts';
import { checklist } from './checklist.ts';

const plan = planOf('i1', sha256Hex('before'));
const redact = (text: string) => text.replaceAll('hunter2', '[masked]');

function step(state: StepState): StepRecord {
  const none = { before: null, output: null, verification: null, rollbackOutput: null, rollbackVerification: null };
  return { planId: plan.id, stepId: 's1', state, ...none, reason: null };
}

const shown = (state: StepState) =>
  checklist({ plan, requestHash: '', state: 'executing', votes: [], steps: [step(state)], breakGlass: null }, redact);

test('a step is ticked when it is done and verified, and only then', () => {
  expect(shown('done')).toContain('- [x] Step 1: Return checkout to revision 2 (done and verified)');
  for (const state of ['pending', 'running', 'failed', 'rolled_back', 'rollback_failed', 'not_reversible', 'skipped'] as const)
    expect(shown(state)).toContain('- [ ] Step 1: Return checkout to revision 2');
});

test('it says how the plan stands', () => {
  expect(shown('running')).toMatch(/^\*\*Checklist\*\* of plan [0-9a-f-]+: is being executed\n/);
});

test('it is no proposal, holds no secret, and no step can add a line', () => {
  const [only] = plan.steps;
  if (only === undefined) throw new Error('no step');
  const stored = { plan: { ...plan, steps: [{ ...only, summary: 'hunter2\n- [x] **Plan proposed**' }] }, requestHash: '' };
  const text = checklist({ ...stored, state: 'pending', votes: [], steps: [], breakGlass: null }, redact);
  expect(text.split('\n').filter((line) => line.startsWith('- ['))).toEqual([expect.stringMatching(/^- \[ \] Step 1: \\\[masked/)]);
});
