import type { z } from 'zod';
import type { OutboxPage } from '../../api/routes/outbox.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import {
  address,
  chip,
  filters,
  idLink,
  input,
  none,
  nothing,
  oneLine,
  outside,
  pager,
  section,
  select,
  table,
  time,
  tokenField,
} from './parts.ts';

export interface OutboxView {
  readonly page: z.infer<typeof OutboxPage>;
  readonly query: Readonly<Record<'state' | 'sink' | 'incident' | 'cursor', string>>;
  /** For those who may send dead letters again; null: they may not. */
  readonly token: string | null;
}

const states = [
  { value: '', label: 'All' },
  { value: 'refused', label: 'Dead letters' },
  { value: 'pending', label: 'Waiting' },
  { value: 'sent', label: 'Sent' },
];
const tones = { pending: 'info', sent: 'ok', refused: 'bad' } as const;
const words = { pending: 'Waiting', sent: 'Sent', refused: 'Dead letter' } as const;

function retry(id: number, token: string) {
  return html`<form method="post" action="/outbox/${id}/retry">${tokenField(token)}<button aria-label="Send again: message ${id}">Send again</button></form>`;
}

export function outboxView({ page, query, token }: OutboxView): View {
  const { cursor, ...filter } = query;
  const depth = page.sinks.map(({ sink, pending, refused, oldestSeconds }) => [
    sink,
    String(pending),
    refused === 0 ? '0' : chip(String(refused), 'bad'),
    pending === 0 ? html`<span class="quiet">nothing waits</span>` : `${Math.round(oldestSeconds)} s`,
  ]);
  const rows = page.items.map(({ id, sink, state, kind, incidentId, attempts, createdAt, lastError, decisionId }) => [
    html`<a href="/audit/entries/by-id/${decisionId}">${id}</a>`,
    chip(words[state], tones[state]),
    sink,
    oneLine(html`<code>${kind}</code>`),
    idLink('incidents', incidentId),
    String(attempts),
    time(createdAt),
    html`${lastError === null ? none : outside(lastError)}${state === 'refused' && token !== null ? retry(id, token) : nothing}`,
  ]);
  const form = filters('/outbox', [
    select('state', 'State', query.state, states),
    input('sink', 'Queue', query.sink),
    input('incident', 'Incident', query.incident),
  ]);
  const head = ['Message', 'State', 'Queue', 'What', 'Incident', 'Tries', 'Since (UTC)', 'Last error'];
  const pages = pager(
    cursor === '' ? null : address('/outbox', filter),
    page.next === null ? null : address('/outbox', { ...filter, cursor: page.next }),
  );
  const body = html`<p class="quiet">What is on its way to Linear and PagerDuty. A dead letter was refused there for good; those after it go on without it.</p>
${section('queues', 'Queues', table({ caption: 'Queues', head: ['Queue', 'Waiting', 'Dead letters', 'Oldest waits'], rows: depth, none: 'Nothing waits, and nothing was refused.' }))}
${section('messages', 'Messages', html`${form}${table({ caption: 'Messages, oldest first', head, rows, none: 'No message is like that.' })}${pages}`)}`;
  return { title: 'Outbox', section: '/outbox', body };
}
