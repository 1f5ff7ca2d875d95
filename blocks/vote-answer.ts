import { section } from './elements.ts';
import { escapeText } from './escape.ts';
import type { MessageView } from './slack.ts';

export type VoteAnswer =
  | {
      readonly kind: 'recorded';
      readonly approvals: number;
      readonly needed: number;
      /** In words; null once it is decided. */
      readonly missing: string | null;
      readonly decided: 'approved' | 'rejected' | 'changes_requested' | null;
    }
  | { readonly kind: 'repeated' };

const decisions = {
  approved: 'Your vote is recorded. The plan is approved and runs now.',
  rejected: 'Your vote is recorded. The plan is rejected: nothing runs.',
  changes_requested: 'Your request is recorded. This plan does not run.',
} as const;

function wordsOf(answer: VoteAnswer): string {
  if (answer.kind === 'repeated') return 'You said so already: your vote counts once.';
  if (answer.decided !== null) return decisions[answer.decided];
  return `Your vote is recorded: ${escapeText(answer.missing ?? `${answer.approvals} of ${answer.needed}`)}. Nothing runs yet.`;
}

/** Said to the voter alone; the card says the rest. */
export function voteAnswer(answer: VoteAnswer): MessageView {
  const text = wordsOf(answer);
  return { text, blocks: [section(text)] };
}
