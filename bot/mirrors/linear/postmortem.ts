import type { Finding } from '../../../workflows/contracts/finding.ts';
import type { Incident } from '../../../workflows/contracts/incident.ts';
import type { StoredPlan } from '../../../workflows/ports.ts';
import { inert } from '../markdown.ts';
import type { OutboxRow } from '../ports.ts';
import { lineOf } from '../words.ts';
import { checklist } from './checklist.ts';

type Redact = (text: string) => string;

export interface Postmortem {
  readonly incident: Incident;
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly plans: readonly StoredPlan[];
  /** Oldest first. */
  readonly decisions: readonly Pick<OutboxRow, 'kind' | 'body'>[];
}

function findingText({ title, mechanism, confidence, edges }: Finding, redact: Redact): string {
  const supports = edges.filter(({ relation }) => relation === 'supports').length;
  return `- **${inert(redact(title))}**: ${inert(redact(mechanism))} (confidence ${confidence}, ${supports} supporting observations)`;
}

function timelineEntry(decision: Postmortem['decisions'][number], redact: Redact): string {
  const { headline, rest } = lineOf(decision, redact);
  return `- ${inert(decision.body.at)} ${inert(headline)}${rest === '' ? '' : `: ${inert(rest, 300)}`}`;
}

/** A draft in Markdown from what is on record: what people learned from it is theirs to write. */
export function postmortem({ incident, summary, findings, plans, decisions }: Postmortem, redact: Redact): string {
  const outcome = incident.outcome?.replaceAll('_', ' ') ?? 'open';
  return [
    `Draft, made from the record of incident ${inert(incident.id)}.`,
    '## Summary',
    `${inert(redact(summary), 2_000)}`,
    `- Outcome: ${inert(outcome)}`,
    `- Opened: ${inert(incident.createdAt)}`,
    ...(incident.closedAt === null ? [] : [`- Closed: ${inert(incident.closedAt)}`]),
    '## Findings',
    ...(findings.length === 0 ? ['None.'] : findings.map((finding) => findingText(finding, redact))),
    '## What was done',
    ...(plans.length === 0 ? ['Nothing was changed.'] : plans.map((stored) => checklist(stored, redact))),
    '## Timeline',
    ...decisions.map((decision) => timelineEntry(decision, redact)),
    '## Lessons and follow-ups',
    'To be written by the people who were there.',
  ]
    .join('\n\n')
    .replaceAll(/\n\n(?=- )/g, '\n');
}
