import type { Incident } from '../../../workflows/contracts/incident.ts';
import { inert, plain } from '../markdown.ts';
import type { MirrorLinks, OutboxRow } from '../ports.ts';
import { headlineOf, lineOf, wordsOf } from '../words.ts';

type Redact = (text: string) => string;

/** How the comment begins that shows a plan to its approvers. */
const wordsOfProposal = headlineOf('plan.proposed');

/** Ids are hexadecimal: with an address a short one is enough, without it only the whole one finds the observation. */
function proof(links: MirrorLinks, id: string): string {
  const address = links.observation(id);
  return address === null ? `\`${id}\`` : `[${id.slice(0, 12)}](${address})`;
}

function single(row: OutboxRow, links: MirrorLinks, redact: Redact): string {
  const { headline, fields, evidence } = wordsOf(row, redact);
  const lines = [
    ...fields.map(({ name, value }) => `- ${inert(name)}: ${inert(value, 2_000)}`),
    ...evidence.map(({ name, id }) => `- ${inert(name)}: ${proof(links, id)}`),
  ];
  return [`**${inert(headline)}** at ${inert(row.body.at)}`, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

function line(row: OutboxRow, redact: Redact): string {
  const { time, headline, rest } = lineOf(row, redact);
  return `- ${inert(time)} **${inert(headline)}**${rest === '' ? '' : `: ${inert(rest, 600)}`}`;
}

/** Markdown of a comment: one decision with all its fields, or several with a line each. */
export function comment(rows: readonly OutboxRow[], links: MirrorLinks, redact: Redact): string {
  const [first, ...more] = rows;
  if (first === undefined) return '';
  if (more.length === 0) return single(first, links, redact);
  return [`**${rows.length} decisions**`, '', ...rows.map((row) => line(row, redact))].join('\n');
}

/** The request hash in our own comment on a proposed plan; null in any other comment. Linear may write list marks in its own way. */
export function proposedHash(body: string): string | null {
  if (!body.startsWith(`**${wordsOfProposal}**`)) return null;
  return /^[-*+] Request hash: ([0-9a-f]{64})\s*$/m.exec(body)?.[1] ?? null;
}

/** Plain text of at most 200 characters. */
export function issueTitle(incident: Incident, redact: Redact): string {
  return plain(redact(incident.title), 200) || `Incident ${incident.id}`;
}

/** Markdown of the issue. */
export function issueDescription(incident: Incident, redact: Redact): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['Incident', incident.id],
    ['Service', incident.service],
    ['Site', incident.site],
    ['Came from', incident.source],
    ['Opened by', incident.requester],
    ['Opened at', incident.createdAt],
  ];
  const list = facts.flatMap(([name, value]) => (value === null ? [] : [`- ${name}: ${inert(redact(value))}`]));
  const text = incident.text === '' ? [] : [`> ${inert(redact(incident.text), 4_000)}`, ''];
  return [...text, ...list, '', 'Kept up to date by Watchkeeper; every decision is a comment below.'].join('\n');
}
