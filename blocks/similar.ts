import type { Similar } from '../workflows/contracts/memory.ts';
import { context, section } from './elements.ts';
import { link, oneLine } from './escape.ts';
import type { Links } from './links.ts';
import type { Block } from './slack.ts';
import { truncate } from './truncate.ts';

export const outcomeOfMemory: Readonly<Record<Similar['outcome'], string>> = {
  resolved: 'it helped',
  rolled_back: 'it did not help, and was undone',
  failed: 'it failed',
};

/** Over every list of memories: what happened elsewhere says nothing about what is wrong here. */
export const memoryCaution = 'From memory, to compare with: it proves nothing here, and changes no finding.';

function line({ title, cause, fix, outcome, at, because, incidentId }: Similar, links: Links): string {
  const what = `${link(links.incident(incidentId), at.slice(0, 10))} ${truncate(oneLine(title), 160)}`;
  return `• ${what}\n   was: ${truncate(oneLine(cause), 220)}; done: ${truncate(oneLine(fix), 220)}: ${outcomeOfMemory[outcome]} (${because.join(', ')})`;
}

/** Below the findings, and apart from them. */
export function similarBlocks(similar: readonly Similar[], links: Links): Block[] {
  if (similar.length === 0) return [];
  return [
    section(['*Similar incidents before:*', ...similar.slice(0, 3).map((one) => line(one, links))].join('\n')),
    context(memoryCaution),
  ];
}
