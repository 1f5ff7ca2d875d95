import type { Incident } from '../../../workflows/contracts/incident.ts';
import { NotYet } from '../errors.ts';
import { plain } from '../markdown.ts';
import type { KeptLink, MirrorLinks, MirrorStore } from '../ports.ts';
import type { PagerDutyPort } from './ports.ts';

export interface PagesDeps {
  readonly pagerduty: PagerDutyPort;
  readonly store: Pick<MirrorStore, 'mirrorLinks'>;
  readonly links: MirrorLinks;
  readonly redact: (text: string) => string;
}

/** PagerDuty makes the incident of an accepted event a moment later. */
export const appearsMs = 1_000;

/** PagerDuty's incidents of an incident; the first is the primary one. */
export async function linkedPages({ store }: Pick<PagesDeps, 'store'>, incidentId: string): Promise<readonly KeptLink[]> {
  return (await store.mirrorLinks.list(incidentId)).filter((link) => link.sink === 'pagerduty');
}

/** Opens one under the incident's id, where a routing key is configured. Throws NotYet until it is there. */
export async function openPage({ pagerduty, store, links, redact }: PagesDeps, incident: Incident): Promise<readonly KeptLink[]> {
  if (pagerduty.events === null) return [];
  const thread = incident.slack === null ? null : links.slackThread(incident.slack);
  const known = await pagerduty.find(incident.id);
  if (known === null)
    await pagerduty.events.trigger(incident.id, plain(redact(incident.title), 1_000), incident.service ?? 'watchkeeper', thread);
  const found = known ?? (await pagerduty.find(incident.id));
  if (found === null) throw new NotYet('the incident of the event is not there yet', appearsMs);
  const link = { incidentId: incident.id, sink: 'pagerduty' as const, externalId: found.id, url: found.url };
  await store.mirrorLinks.put(link);
  return [{ ...link, told: null }];
}
