import { plain } from './elements.ts';
import type { Modal } from './slack.ts';

/** Asks what to look into. */
export function newInvestigation(): Modal {
  return {
    type: 'modal',
    callback_id: 'new_investigation',
    title: plain('New investigation', 24),
    submit: plain('Investigate', 24),
    close: plain('Close', 24),
    blocks: [
      {
        type: 'input',
        block_id: 'text',
        label: plain('What is wrong?', 2000),
        hint: plain('Name the service and what you see. The answer comes as a direct message.', 2000),
        element: { type: 'plain_text_input', action_id: 'value', multiline: true, min_length: 1, max_length: 3000 },
      },
    ],
  };
}
