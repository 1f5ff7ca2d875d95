import type { Incident } from '../../../workflows/contracts/incident.ts';
import type { MirrorLinks, OutboxRow } from '../ports.ts';
import type { LinearAttachment } from './ports.ts';

/** Decisions after which what is attached says something new. */
const telling: ReadonlySet<string> = new Set(['incident.opened', 'incident.thread_set', 'plan.executing']);

/** Where the incident is talked about and shown. `metadata` holds the ids of the workflows that do the work. */
export function attachmentsAfter(
  rows: readonly OutboxRow[],
  issueId: string,
  incident: Incident,
  links: MirrorLinks,
): readonly LinearAttachment[] {
  if (!rows.some((row) => telling.has(row.kind))) return [];
  const planId = rows.findLast((row) => row.kind === 'plan.executing')?.body.planId ?? null;
  const metadata = {
    incident: incident.id,
    workflow: `incident:${incident.key}`,
    ...(planId === null ? {} : { change: `change:${planId}` }),
  };
  const places = [
    ['Slack thread', incident.slack === null ? null : links.slackThread(incident.slack)],
    ['Incident', links.incident(incident.id)],
  ] as const;
  return places.flatMap(([title, url]) => (url === null ? [] : [{ issueId, title, url, metadata }]));
}
