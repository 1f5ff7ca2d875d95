import type { Incident } from '../../../workflows/contracts/incident.ts';
import { inert, plain } from '../markdown.ts';
import { headlineOf, type Words } from '../words.ts';

/** How the comment begins that shows a plan to its approvers. */
const wordsOfProposal = headlineOf('plan.proposed');

/** Markdown of a comment. */
export function comment(words: Words, at: string): string {
  const lines = words.fields.map((field) => `- ${inert(field.name)}: ${inert(field.value, 2_000)}`);
  return [`**${inert(words.headline)}** at ${inert(at)}`, ...(lines.length === 0 ? [] : ['', ...lines])].join('\n');
}

/** The request hash in our own comment on a proposed plan; null in any other comment. Linear may write list marks in its own way. */
export function proposedHash(body: string): string | null {
  if (!body.startsWith(`**${wordsOfProposal}**`)) return null;
  return /^[-*+] Request hash: ([0-9a-f]{64})\s*$/m.exec(body)?.[1] ?? null;
}

/** Plain text of at most 200 characters. */
export function issueTitle(incident: Incident, redact: (text: string) => string): string {
  return plain(redact(incident.title), 200) || `Incident ${incident.id}`;
}

/** Markdown of the issue. */
export function issueDescription(incident: Incident, redact: (text: string) => string): string {
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
