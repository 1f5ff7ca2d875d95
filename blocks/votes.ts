import type { Vote } from '../workflows/contracts/plan.ts';
import { escapeText, oneLine } from './escape.ts';
import type { NameOf } from './shown-plan.ts';
import { first, truncate } from './truncate.ts';
import { instant } from './words.ts';

const verb = { approve: 'approved', reject: 'rejected', request_changes: 'asked for changes' } as const;

/** Who said what, through which channel, and when: mrkdwn, one line per vote, at most 10. */
export function voteLines(votes: readonly Vote[], nameOf: NameOf): string[] {
  return first(votes, 10, (vote) => {
    const reason = vote.reason === null || vote.reason.trim() === '' ? '' : `: ${truncate(oneLine(vote.reason), 200)}`;
    return `*${escapeText(oneLine(nameOf(vote.person)))}* ${verb[vote.verdict]} through ${vote.channel} ${instant(vote.createdAt)}${reason}`;
  });
}
