import { expect, test } from 'vitest';
import { reasonModal } from './reason-modal.ts';

test('the modal asks for a reason under the names that the public contract fixes', () => {
  const modal = reasonModal({ callbackId: 'plan.reason', verdict: 'reject', goal: 'Undo', metadata: '{}' });
  expect(modal.callback_id).toBe('plan.reason');
  expect(modal.blocks.at(-1)).toMatchObject({ type: 'input', block_id: 'reason', element: { action_id: 'value' } });
});
