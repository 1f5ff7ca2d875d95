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

interface StatusUpdate {
  readonly created_at: string;
  readonly message: string;
}

/** Everything that was said about it, oldest first. */
function entriesOf(account: Account, incident: Incident): readonly { at: string; text: string }[] {
  const names = new Map(account.users().map(({ id, name }) => [id, name]));
  const asked = (incident.responder_requests ?? []).map(({ requested_at, message, responder_request_targets: targets }) => {
    const whom = targets.map(({ responder_request_target: { id, type } }) => names.get(id) ?? `${type.replace('_reference', '')} ${id}`);
    return { at: requested_at, text: `Responders asked for (${whom.join(', ')}): ${message}` };
  });
  const updates = account.documents.list<StatusUpdate>('status_update', incident.id);
  return [
    ...account.notes(incident).map((note) => ({ at: note.created_at, text: note.content })),
    ...updates.map(({ created_at, message }) => ({ at: created_at, text: `Status update: ${message}` })),
    ...asked,
  ].toSorted((a, b) => a.at.localeCompare(b.at));
}

interface ChangeEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly summary: string;
}

function changesOf(account: Account): string {
  const events = account.documents.list<ChangeEvent>('change_event').toReversed();
  if (events.length === 0) return '';
  return card(
    'Recent changes',
    [],
    '',
    events.map(({ timestamp, summary }) => ({ at: timestamp, text: summary })),
  );
}

/** What arrived, newest incident first, with the hands of a person. */
export function view(account: Account): string {
  const incidents = account.incidents().toReversed();
  const cards = incidents.map((incident) =>
    card(
      `${incident.summary}`,
      [incident.status, incident.service.summary],
      `Key ${incident.incident_key}`,
      entriesOf(account, incident),
      changeForm(incident),
    ),
  );
  return page(
    'Local PagerDuty: a stand-in',
    'Incidents, notes, status updates, responders and changes as PagerDuty would hold them. Nothing here leaves this machine.',
    `<div class="note">${account.services.map(triggerForm).join(' ')}</div>${cards.join('') || '<p>Nothing has arrived yet.</p>'}${changesOf(account)}`,
  );
}
