import type { EvidenceEdge, Finding } from '../workflows/contracts/finding.ts';
import type { Similar } from '../workflows/contracts/memory.ts';
import { code } from './code.ts';
import { context, header, section } from './elements.ts';
import { escapeText, link, oneLine } from './escape.ts';
import { type Links, shortId } from './links.ts';
import { similarBlocks } from './similar.ts';
import type { Block, MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { confidenceWords, count } from './words.ts';

export interface ShownFindings {
  readonly incidentId: string;
  readonly findings: readonly Finding[];
  /** What could not be looked at, in words. */
  readonly gaps: readonly string[];
  /** Of before, for comparison. */
  readonly similar?: readonly Similar[];
}

const shownFindings = 10;

function entityWords(entity: Finding['entity']): string {
  const name = [entity.namespace, entity.name].filter((part) => part !== null).join('/');
  return `${truncate(oneLine(entity.kind), 60)} ${code(name)} on ${escapeText(entity.site)}`;
}

function edgeLine(edge: EvidenceEdge, links: Links): string {
  const reference = link(links.observation(edge.observation), shortId(edge.observation));
  const excerpt = edge.excerpt.trim() === '' ? '' : `: ${truncate(oneLine(edge.excerpt), 260)}`;
  return `• ${edge.relation} ${reference}${excerpt}`;
}

/** What changed before, the likeliest first, with where people can read more. */
function changeLines({ changes = [] }: Finding, links: Links): string[] {
  if (changes.length === 0) return [];
  const line = ({ words, because, url, observation }: (typeof changes)[number]) =>
    `• ${truncate(oneLine(words), 260)} (${truncate(oneLine(because), 200)}): ${url === null ? link(links.observation(observation), shortId(observation)) : link(url, 'open')}`;
  return [['Changed before it:', ...changes.map(line)].join('\n')];
}

function findingBlocks(finding: Finding, links: Links): Block[] {
  const edges = first(finding.edges, 4, (edge) => edgeLine(edge, links));
  return [
    section(
      [
        `*${truncate(oneLine(finding.title), 220)}*: ${confidenceWords(finding.confidence)}`,
        entityWords(finding.entity),
        truncate(oneLine(finding.mechanism), 1000),
      ].join('\n'),
    ),
    context(
      edges.join('\n'),
      ...changeLines(finding, links).filter(({ length }) => length <= 3_000),
      `Would be refuted by: ${truncate(oneLine(finding.refutedBy), 500)}`,
    ),
  ];
}

function gapBlocks(gaps: readonly string[]): Block[] {
  if (gaps.length === 0) return [];
  return [section(['*Not seen:*', ...first(gaps, 8, (gap) => `• ${truncate(oneLine(gap), 250)}`)].join('\n'))];
}

/** Nothing found is an answer, and says how far it can be trusted: a gap is never an all-clear. */
function nothingFound(gaps: readonly string[]): string {
  if (gaps.length > 0) return 'No cause is known. Not everything could be looked at, so this is no all-clear.';
  return 'Nothing wrong was found. No check that ran found a fault; nothing is proposed.';
}

/** What was found, most likely first, each with its evidence. */
export function findingsMessage({ findings, gaps, similar = [] }: ShownFindings, links: Links): MessageView {
  const below = [...gapBlocks(gaps), ...similarBlocks(similar, links)];
  if (findings.length === 0) return { text: nothingFound(gaps), blocks: [section(nothingFound(gaps)), ...below] };
  const ranked = findings.toSorted((a, b) => b.confidence - a.confidence);
  const title = count(findings.length, 'finding');
  const more = ranked.length > shownFindings ? [context(`… (${ranked.length - shownFindings} more)`)] : [];
  return {
    text: `${title}: ${truncate(oneLine(ranked[0]?.title ?? ''), 300)}`,
    blocks: [header(title), ...ranked.slice(0, shownFindings).flatMap((finding) => findingBlocks(finding, links)), ...more, ...below],
  };
}
