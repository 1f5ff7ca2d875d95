import type { PageEvent, PageType } from './event.ts';

const said: Readonly<Record<PageType, string>> = {
  triggered: 'triggered',
  acknowledged: 'acknowledged',
  unacknowledged: 'no longer acknowledged',
  resolved: 'resolved',
  reopened: 'reopened',
  escalated: 'escalated',
  delegated: 'delegated',
  reassigned: 'reassigned',
  priority_updated: 'priority changed',
  service_updated: 'moved to another service',
  'incident_type.changed': 'type changed',
  annotated: 'note',
  status_update_published: 'status update',
  'responder.added': 'responder asked for help',
  'responder.replied': 'responder answered',
  'custom_field_values.updated': 'fields changed',
  'conference_bridge.updated': 'conference bridge changed',
};

/** These end in words that somebody wrote, the others in what it is now. */
const quoting = new Set(['annotated', 'status_update_published']);

/** `PagerDuty #12 acknowledged by Alice`; on one line, not escaped. */
export function pageLine({ type, agent, incident, detail }: PageEvent, number: number | null): string {
  const name = number === null ? incident.id : `#${number}`;
  const by = agent === null ? '' : ` by ${agent.name}`;
  const words = detail.trim() === '' ? '' : quoting.has(type) ? `: “${detail.trim()}”` : `: ${detail.trim()}`;
  const what = incident.mergedInto === null ? `${said[type]}${by}${words}` : `was merged into “${incident.mergedInto.title}”${by}`;
  return `PagerDuty ${name} ${what}`.replaceAll(/\s+/g, ' ');
}
