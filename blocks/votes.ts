import type { Vote } from '../workflows/contracts/plan.ts';
import { chunks } from './chunks.ts';
import { escapeText, oneLine } from './escape.ts';
import type { Links } from './links.ts';
import { proof } from './proofs.ts';
import type { CardReferences, NameOf } from './shown-plan.ts';
import type { Block } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { instant } from './words.ts';

const verb = { approve: 'approved', reject: 'rejected', request_changes: 'asked for changes' } as const;

/** Who said what, through which channel, and when, with the proof of each: one line per vote, at most 10. */
export function voteSections(
  votes: readonly Vote[],
  links: Links,
  nameOf: NameOf,
  { recorded }: Pick<CardReferences, 'recorded'>,
): readonly Block[] {
  const lines = first(votes, 10, (vote) => {
    const reason = vote.reason === null || vote.reason.trim() === '' ? '' : `: ${truncate(oneLine(vote.reason), 200)}`;
    const proven = proof(links, recorded, (entry) => entry.vote === vote.id).map((text) => ` · ${text}`);
    return `*${escapeText(oneLine(nameOf(vote.person)))}* ${verb[vote.verdict]} through ${vote.channel} ${instant(vote.createdAt)}${reason}${proven}`;
  });
  return chunks(lines, 5);
}
