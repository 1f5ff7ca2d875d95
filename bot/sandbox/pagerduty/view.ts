import { card, page } from '../peer/page.ts';
import type { Account } from './account.ts';

/** What arrived, newest incident first. */
export function view(account: Account): string {
  const incidents = account.incidents().toReversed();
  const cards = incidents.map((incident) =>
    card(
      `${incident.summary}`,
      [incident.status, incident.service.summary],
      `Key ${incident.incident_key}`,
      account.notes(incident).map((note) => ({ at: note.created_at, text: note.content })),
    ),
  );
  return page(
    'Local PagerDuty: a stand-in',
    'Incidents and notes as PagerDuty would hold them. Nothing here leaves this machine.',
    cards.join('') || '<p>Nothing has arrived yet.</p>',
  );
}
