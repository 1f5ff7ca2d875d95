import type { IncidentAnswer } from '../../api/shapes.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { address, filters, idLink, input, named, none, nothing, outside, pager, select, table, time } from './parts.ts';
import { incidentChip, incidentStateWords } from './states.ts';

export interface IncidentList {
  readonly items: readonly IncidentAnswer[];
  readonly next: string | null;
  readonly query: { readonly state: string; readonly service: string; readonly text: string; readonly cursor: string };
}

const states = [
  { value: '', label: 'All' },
  { value: 'open', label: 'Open' },
  ...Object.entries(incidentStateWords).map(([value, label]) => ({ value, label })),
];

export function incidentList({ items, next, query }: IncidentList): View {
  const { cursor, ...filter } = query;
  const rows = items.map((incident) => [
    html`<a href="/incidents/${encodeURIComponent(incident.id)}">${outside(incident.title)}</a>`,
    incidentChip(incident),
    incident.service === null ? none : named(incident.service),
    incident.site === null ? none : named(incident.site),
    time(incident.createdAt),
    incident.planIds.length === 0
      ? none
      : html`${incident.planIds.map((id, index) => html`${index > 0 ? ', ' : ''}${idLink('plans', id)}`)}`,
  ]);
  const form = filters('/', [
    select('state', 'State', query.state, states),
    input('service', 'Service', query.service),
    input('text', 'Title contains', query.text),
  ]);
  const filtered = Object.values(filter).some((value) => value !== '');
  const otherwise = filtered
    ? 'No incident is like that.'
    : 'There are no incidents yet. Mention the bot in Slack, or run: watchkeeper ask';
  const body = html`${form}
${table({ caption: 'Incidents, newest first', head: ['Incident', 'State', 'Service', 'Site', 'Opened (UTC)', 'Plans'], rows, none: otherwise })}
${items.length === 0 && cursor === '' ? nothing : pager(cursor === '' ? null : address('/', filter), next === null ? null : address('/', { ...filter, cursor: next }))}`;
  return { title: 'Incidents', section: '/', body };
}
