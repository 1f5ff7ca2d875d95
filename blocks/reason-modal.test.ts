import { expect, test } from 'vitest';
import { reasonModal } from './reason-modal.ts';
import { plan, readable } from './testing.ts';

test('the modal asks for a reason under the names that the public contract fixes', () => {
  const modal = reasonModal({ callbackId: 'plan.reason', verdict: 'reject', plan, metadata: '{}' });
  expect(modal.callback_id).toBe('plan.reason');
  expect(modal.blocks.at(-1)).toMatchObject({ type: 'input', block_id: 'reason', element: { action_id: 'value' } });
});

test('the modal shows what will run before it asks why, and takes no empty answer', () => {
  const modal = reasonModal({ callbackId: 'plan.reason', verdict: 'approve', plan: { ...plan, tier: 'high' }, metadata: '{}' });
  expect(readable(modal)).toMatchInlineSnapshot(`
    "*Return checkout to the revision that worked*
    1 step on prod-eu, high risk
    | kubectl --context prod-eu rollout undo deployment/checkout --to-revision=2
    Why is this right?"
  `);
  const input = modal.blocks.at(-1);
  expect(input).toMatchObject({ element: { min_length: 1 } });
  expect(input).not.toHaveProperty('optional');
});
