import type { Incident } from '../workflows/contracts/incident.ts';
import { section } from './elements.ts';
import { incidentLine } from './incident-line.ts';
import { lines } from './lines.ts';
import type { Links } from './links.ts';
import type { MessageView } from './slack.ts';
import { count } from './words.ts';

/** Answer to `/watchkeeper status`. */
export function status(incidents: readonly Incident[], links: Links): MessageView {
  const text = incidents.length === 0 ? 'No open incidents.' : `${count(incidents.length, 'open incident')}.`;
  return { text, blocks: [section(`*${text}*`), ...lines(incidents, (incident) => incidentLine(incident, links))] };
}
