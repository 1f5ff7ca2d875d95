import { escapeHtml } from '../../web/html.ts';
import { card, page } from '../peer/page.ts';
import type { Account } from './account.ts';
import type { Incident, PagerDutyService } from './types.ts';

function triggerForm({ id, name }: PagerDutyService): string {
  const service = `<input type="hidden" name="service" value="${escapeHtml(id)}">`;
  const title = `<input type="hidden" name="title" value="${escapeHtml(name)}: error rate above 20%">`;
  return `<form method="post" action="/ui/incidents" style="display:inline">${service}${title}<button>Trigger incident for ${escapeHtml(name)}</button></form>`;
}

const changes: Readonly<Record<Incident['status'], readonly (readonly [string, string])[]>> = {
  triggered: [
    ['acknowledge', 'Acknowledge'],
    ['resolve', 'Resolve'],
  ],
  acknowledged: [['resolve', 'Resolve']],
  resolved: [['reopen', 'Reopen']],
};

function changeForm({ id, status }: Incident): string {
  const buttons = changes[status].map(([change, words]) => `<button name="change" value="${change}">${words}</button>`);
  return `<form method="post" action="/ui/incidents/${encodeURIComponent(id)}">${buttons.join(' ')}</form>`;
}

/** What arrived, newest incident first, with the hands of a person. */
export function view(account: Account): string {
  const incidents = account.incidents().toReversed();
  const cards = incidents.map((incident) =>
    card(
      `${incident.summary}`,
      [incident.status, incident.service.summary],
      `Key ${incident.incident_key}`,
      account.notes(incident).map((note) => ({ at: note.created_at, text: note.content })),
      changeForm(incident),
    ),
  );
  return page(
    'Local PagerDuty: a stand-in',
    'Incidents and notes as PagerDuty would hold them. Nothing here leaves this machine.',
    `<p>${account.services.map(triggerForm).join(' ')}</p>${cards.join('') || '<p>Nothing has arrived yet.</p>'}`,
  );
}
