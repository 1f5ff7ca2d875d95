import type { Plan } from '../workflows/contracts/plan.ts';
import { commandText } from './command.ts';
import { plain, section } from './elements.ts';
import { escapeText, oneLine } from './escape.ts';
import { preformatted, richText } from './rich-text.ts';
import type { Modal } from './slack.ts';
import { truncate } from './truncate.ts';
import { reachWords } from './words.ts';

export interface ReasonQuestion {
  /** `plan.reason` or `plan.request_changes`. */
  readonly callbackId: 'plan.reason' | 'plan.request_changes';
  readonly verdict: 'approve' | 'reject' | 'request_changes';
  readonly plan: Plan;
  /** Ids only; at most 3000 characters. */
  readonly metadata: string;
}

const wording = {
  approve: { title: 'Approve', label: 'Why is this right?', submit: 'Approve' },
  reject: { title: 'Reject', label: 'Why not?', submit: 'Reject' },
  request_changes: { title: 'Request changes', label: 'What should be different?', submit: 'Send' },
} as const;

/** Asks for the reason of a vote, below what it is about. The reason is required. */
export function reasonModal({ callbackId, verdict, plan, metadata }: ReasonQuestion): Modal {
  const { title, label, submit } = wording[verdict];
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Back', 24),
    blocks: [
      section(`*${truncate(oneLine(plan.goal), 600)}*\n${escapeText(reachWords(plan))}`),
      richText([preformatted(plan.steps.map(({ via }) => commandText(via)).join('\n'), 2000)]),
      {
        type: 'input',
        block_id: 'reason',
        label: plain(label, 2000),
        element: { type: 'plain_text_input', action_id: 'value', multiline: true, min_length: 1, max_length: 1000 },
      },
    ],
  };
}
