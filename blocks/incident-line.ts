import type { Incident } from '../workflows/contracts/incident.ts';
import { link, oneLine } from './escape.ts';
import type { Links } from './links.ts';
import { truncate } from './truncate.ts';
import { instant, outcomeWords } from './words.ts';

const stateWords = {
  queued: 'queued',
  investigating: 'investigating',
  awaiting_approval: 'waiting for approval',
  executing: 'running a plan',
  closed: 'closed',
} as const;

/** One incident on one line of mrkdwn. */
export function incidentLine(incident: Incident, links: Links): string {
  const where = incident.service === null ? '' : ` · ${truncate(oneLine(incident.service), 80)}`;
  const state = incident.outcome === null ? stateWords[incident.state] : outcomeWords[incident.outcome];
  return `${link(links.incident(incident.id), incident.id)} *${truncate(oneLine(incident.title), 120)}*${where} · ${state} · since ${instant(incident.createdAt)}`;
}
