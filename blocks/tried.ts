import type { Similar } from '../workflows/contracts/memory.ts';
import type { Plan } from '../workflows/contracts/plan.ts';
import { section } from './elements.ts';
import { link, oneLine } from './escape.ts';
import type { Links } from './links.ts';
import { outcomeOfMemory } from './similar.ts';
import type { Block } from './slack.ts';
import { truncate } from './truncate.ts';

type Tried = Pick<Similar, 'incidentId' | 'fix' | 'outcome' | 'at'>;

/** Of the incidents that are like it, those in which one of its operations was tried on the same entity and did not help. */
export function triedInVain(
  { steps }: { readonly steps: readonly Pick<Plan['steps'][number], 'operation'>[] },
  similar: readonly Similar[],
): readonly Similar[] {
  const again = ({ operations }: Similar) => steps.some(({ operation }) => operations.includes(operation));
  return similar.filter((one) => one.outcome !== 'resolved' && one.because.includes('same entity') && again(one));
}

export const triedHeading = 'The same was tried on it before, and did not help';

/** One of them in plain words, without its incident. */
export const triedWords = ({ fix, outcome, at }: Tried): string =>
  `${at.slice(0, 16).replace('T', ' ')} UTC, ${fix}: ${outcomeOfMemory[outcome]}`;

/** Above the steps that people are asked to approve. */
export function triedBlocks(tried: readonly Similar[], links: Links): Block[] {
  if (tried.length === 0) return [];
  const lines = tried
    .slice(0, 3)
    .map((one) => `• ${truncate(oneLine(triedWords(one)), 300)} (${link(links.incident(one.incidentId), 'that incident')})`);
  return [section([`:warning: *${triedHeading}:*`, ...lines].join('\n'))];
}
