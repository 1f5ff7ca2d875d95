import type { Incident } from '../workflows/contracts/incident.ts';
import { section } from './elements.ts';
import { incidentLine } from './incident-line.ts';
import type { Links } from './links.ts';
import type { MessageView } from './slack.ts';

/** Answer to `/watchkeeper incident ID`. */
export function incidentStatus(incident: Incident, links: Links): MessageView {
  return { text: `Incident ${incident.id}`, blocks: [section(incidentLine(incident, links))] };
}
