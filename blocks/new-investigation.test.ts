import { expect, test } from 'vitest';
import { newInvestigation } from './new-investigation.ts';

test('the modal asks under the names that the public contract fixes', () => {
  expect(newInvestigation()).toMatchObject({
    callback_id: 'new_investigation',
    blocks: [{ block_id: 'text', element: { action_id: 'value' } }],
  });
});
