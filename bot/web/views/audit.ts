import { lineOf } from '../../mirrors/words.ts';
import type { AuditEntry } from '../../store/audit-list.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { address, filters, idLink, input, none, oneLine, outside, pager, select, table, time } from './parts.ts';

export const auditFields = ['actor', 'kind', 'from', 'to', 'incident', 'plan', 'operation', 'verdict'] as const;
export type AuditQuery = Readonly<Record<(typeof auditFields)[number] | 'before', string>>;

export interface AuditList {
  readonly entries: readonly AuditEntry[];
  readonly query: AuditQuery;
  /** Where the next page begins; null: it is the last one. */
  readonly next: string | null;
  /** What is wrong with the filter; null: nothing. */
  readonly problem: string | null;
}

const asStored = (text: string) => text;
const verdicts = ['', 'approve', 'reject', 'request_changes', 'allow', 'deny', 'needs_approval', 'justified', 'not_justified'];

function instant(name: string, label: string, value: string): Html {
  return html`<label>${label}<input type="datetime-local" name="${name}" value="${value}" step="1"></label>`;
}

function form({ actor, kind, from, to, incident, plan, operation, verdict }: AuditQuery): Html {
  const choices = verdicts.map((value) => ({ value, label: value === '' ? 'Any' : value.replaceAll('_', ' ') }));
  const known = verdicts.includes(verdict) ? choices : [...choices, { value: verdict, label: verdict }];
  return filters('/audit', [
    input('actor', 'Who', actor, 'alice, or person:alice'),
    input('kind', 'What', kind, 'plan.approved, or plan.*'),
    instant('from', 'From (UTC)', from),
    instant('to', 'Before (UTC)', to),
    input('incident', 'Incident', incident),
    input('plan', 'Plan', plan),
    input('operation', 'Operation', operation),
    select('verdict', 'Verdict', verdict, known),
  ]);
}

/** Ids of tokens are long, and tell nobody anything. */
function who({ kind, id }: AuditEntry['body']['actor']): Html {
  const name = `${kind}:${id}`;
  if (kind === 'service_token') return html`<span class="one" title="${name}">token …${id.slice(-6)}</span>`;
  return kind === 'system' ? oneLine(outside(name)) : outside(name);
}

function row({ seq, body, data }: AuditEntry): readonly (Html | string)[] {
  const { kind, actor, at, planId, incidentId, id } = body;
  const { headline, rest } = lineOf({ kind, body: { at, actor, planId, data } }, asStored);
  return [
    html`<a class="one" href="/audit/entries/by-id/${id}">${seq === null ? 'no place yet' : seq}</a>`,
    time(at),
    who(actor),
    oneLine(html`<code>${kind}</code>`),
    html`${outside(headline)}${rest === '' ? '' : html`: ${outside(rest)}`}`,
    incidentId === null ? none : idLink('incidents', incidentId),
  ];
}

/** Newest first. */
export function auditView({ entries, query, next, problem }: AuditList): View {
  const { before, ...filter } = query;
  const head = ['Place', 'At (UTC)', 'Who', 'What', 'In words', 'Incident'];
  const otherwise = problem === null ? 'No entry is like that.' : 'Nothing was looked for.';
  const wrong = problem === null ? html`` : html`<p class="notice bad" role="alert">${problem}</p>`;
  const body = html`<p class="quiet">Every decision, with its place in a signed log to which nothing but an end can be added. Follow a place for the proof.</p>
${wrong}${form(query)}
${table({ caption: 'Audit log, newest first', head, rows: entries.map(row), none: otherwise })}
${pager(before === '' ? null : address('/audit', filter), next === null ? null : address('/audit', { ...filter, before: next }))}`;
  return { title: 'Audit log', section: '/audit', body, ...(problem === null ? {} : { status: 400 }) };
}
