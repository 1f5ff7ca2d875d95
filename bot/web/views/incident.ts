import type { z } from 'zod';
import { confidenceWords } from '../../../blocks/words.ts';
import type { Finding } from '../../../workflows/contracts/finding.ts';
import type { Incident } from '../../../workflows/contracts/incident.ts';
import type { IncidentDetail } from '../../api/alerts.ts';
import type { PlanAnswer } from '../../api/shapes.ts';
import { counted } from '../../evidence/words.ts';
import type { AuditEntry } from '../../store/audit-list.ts';
import type { KeptMirrorLink } from '../../store/mirror-links.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { findings } from './findings.ts';
import { liveState } from './live-state.ts';
import { block, chip, facts, named, nothing, outside, section, short, table, time, timeOr, tokenField } from './parts.ts';
import { similarIncidents } from './similar.ts';
import { incidentChip, planChip, tierChip } from './states.ts';
import { timeline } from './timeline.ts';

export interface IncidentPage {
  readonly detail: z.infer<typeof IncidentDetail>;
  readonly incident: Incident;
  readonly plans: readonly PlanAnswer[];
  readonly entries: readonly AuditEntry[];
  /** There are entries before these. */
  readonly older: boolean;
  readonly findings: readonly Finding[];
  /** The evidence graph, drawn. */
  readonly evidence: Html;
  readonly observations: readonly { readonly id: string; readonly operation: string; readonly status: 'ok' | 'error' }[];
  readonly mirrors: readonly KeptMirrorLink[];
  /** Plans that wait for whoever looks. */
  readonly mine: readonly string[];
  /** Whether they may ask for its end; null: they may not, or it is over. */
  readonly cancelToken: string | null;
  /** Of whoever may mark a memory as wrong; null: they may not. */
  readonly retractToken: string | null;
}

/** Observations that are listed; the others are in the audit log. */
const mostObservations = 200;

function plans(list: readonly PlanAnswer[]): Html {
  const rows = list
    .toReversed()
    .map((plan) => [
      html`<a href="/plans/${encodeURIComponent(plan.id)}">${outside(plan.goal)}</a>`,
      planChip(plan.state),
      tierChip(plan.tier),
      `${plan.steps.length}`,
      `${new Set(plan.approvals.votes.filter(({ verdict }) => verdict === 'approve').map(({ person }) => person)).size} of ${plan.approvals.needed}`,
      time(plan.createdAt),
    ]);
  const head = ['Plan', 'State', 'Risk', 'Steps', 'Approvals', 'Made (UTC)'];
  return table({ caption: 'Plans, newest first', head, rows, none: 'No plan was made so far.' });
}

/** Only http addresses become links: what a peer sent could be anything. */
function outward(url: string | null, label: Html | string): Html {
  return url !== null && /^https?:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">${label}</a>` : html`${label}`;
}

function alerts({ counts, items }: IncidentPage['detail']['alerts']): Html {
  const total = counts.firing + counts.acknowledged + counts.resolved;
  const tones = { firing: 'bad', acknowledged: 'warn', resolved: 'ok' } as const;
  const rows = items.map((alert) => [
    outward(alert.url, outside(alert.title)),
    chip(alert.status, tones[alert.status]),
    named(alert.service ?? 'none'),
    alert.severity === null ? alert.urgency : outside(alert.severity),
    alert.source,
    time(alert.startsAt),
  ]);
  const head = ['Alert', 'State', 'Service', 'Severity', 'From', 'Since (UTC)'];
  const sum = html`<p class="quiet">${counts.firing} firing, ${counts.acknowledged} acknowledged, ${counts.resolved} resolved${total > items.length ? `; the first ${items.length} are shown` : ''}.</p>`;
  return html`${total === 0 ? nothing : sum}${table({ caption: 'Alerts', head, rows, none: 'No alert belongs to it.' })}`;
}

/** A long list is there for whoever asks for it. */
const fewObservations = 8;

function observations(list: IncidentPage['observations']): Html {
  const rows = list
    .slice(0, mostObservations)
    .map(({ id, operation, status }) => [
      html`<a href="/observations/${id}">${operation}</a>`,
      chip(status, status === 'ok' ? 'ok' : 'bad'),
      short(id),
    ]);
  const none = 'Nothing has been looked at yet.';
  const all = table({ caption: 'Observations, in the order in which they came', head: ['Operation', 'Answer', 'Hash'], rows, none });
  const beyond = list.length - mostObservations;
  const rest = beyond > 0 ? html`<p class="quiet">${beyond} more are in the audit log.</p>` : nothing;
  if (list.length <= fewObservations) return html`${all}${rest}`;
  const failed = list.filter(({ status }) => status === 'error').length;
  return html`<details><summary>${list.length} observations, ${failed} of them without an answer</summary>${all}${rest}</details>`;
}

function mirrors({ mirrors: links, detail }: IncidentPage): Html {
  const slack =
    detail.slack === null
      ? []
      : [html`<li>Slack: channel <code>${detail.slack.channel}</code>, thread <code>${detail.slack.threadTs}</code></li>`];
  const names = { linear: 'Linear', pagerduty: 'PagerDuty' } as const;
  const items = links.map(({ sink, externalId, url }) => html`<li>${names[sink]}: ${outward(url, outside(externalId))}</li>`);
  const all = [...slack, ...items];
  return all.length === 0 ? html`<p class="none">It is nowhere else.</p>` : html`<ul>${all}</ul>`;
}

/** What they came for, before everything else. */
function asked({ plans: list, mine }: IncidentPage): Html {
  const waiting = list.filter(({ state }) => state === 'pending');
  const notices = waiting.map(({ id, goal }) => {
    const link = html`<a href="/plans/${encodeURIComponent(id)}#answer">${outside(goal)}</a>`;
    return mine.includes(id)
      ? html`<p class="notice warn"><strong>Waits for your answer:</strong> ${link}</p>`
      : html`<p class="notice">Waits for the answer of others: ${link}</p>`;
  });
  return html`${notices}`;
}

function surestFirst({ findings: found }: IncidentPage) {
  return found.toSorted((one, other) => other.confidence - one.confidence);
}

/** The likeliest cause, before the evidence for it: a phone shows that far below. */
function cause(page: IncidentPage): Html {
  const [first, ...others] = surestFirst(page);
  if (first === undefined) return nothing;
  const more = others.length === 0 ? nothing : html`, and <a href="#findings">${counted(others.length, 'other finding')}</a>`;
  return html`<p><strong>Found:</strong> <a href="#finding-${first.id}">${outside(first.title)}</a> (${confidenceWords(first.confidence)})${more}</p>`;
}

function head(page: IncidentPage): Html {
  const { detail, incident } = page;
  // The list filters by the same where the incident itself names nothing.
  const surest = surestFirst(page)[0]?.entity;
  return facts([
    ['Service', outside(detail.service ?? surest?.name ?? 'none')],
    ['Site', outside(detail.site ?? surest?.site ?? 'none')],
    ['Opened (UTC)', time(detail.createdAt)],
    ['Closed (UTC)', timeOr(detail.closedAt, 'open')],
    ['By way of', incident.source],
    ['Asked for by', detail.requester ?? 'nobody: a machine'],
    ['Id', html`<code>${detail.id}</code>`],
  ]);
}

function cancel(id: string, token: string | null): Html {
  if (token === null) return nothing;
  return html`<details><summary>Stop this incident</summary><form class="ask" method="post" action="/incidents/${encodeURIComponent(id)}/cancel">${tokenField(token)}<p>Nothing more is looked at or run. What is running now is finished first.</p><div><button class="danger">Ask for the stop</button></div></form></details>`;
}

export function incidentView(page: IncidentPage): View {
  const { detail, incident } = page;
  const summary = detail.summary === null ? nothing : html`<p>${outside(detail.summary)}</p>`;
  const said =
    incident.text === '' ? nothing : html`<details><summary>What was said</summary>${block('What was said', incident.text)}</details>`;
  const body = html`${liveState(detail.id, page.entries.at(-1)?.entry ?? 0, `/incidents/${encodeURIComponent(detail.id)}`)}<div id="overview" data-live>${asked(page)}${cause(page)}${summary}${head(page)}${said}${cancel(detail.id, page.cancelToken)}</div>
${section('plans', 'Plans', plans(page.plans), true)}
${section('evidence', 'Evidence', page.evidence, true)}
<div class="columns"><div>
${section('findings', 'Findings', findings(page.findings), true)}
${section('similar', 'Similar incidents', similarIncidents(detail.id, detail.similar, page.retractToken), true)}
${section('alerts', 'Alerts', alerts(detail.alerts), true)}
${section('observations', 'Observations', observations(page.observations), true)}
</div><div>
${section('timeline', 'Timeline', timeline(detail.id, page.entries, page.older))}
${section('mirrors', 'Elsewhere', mirrors(page), true)}
<p><a href="/incidents/${encodeURIComponent(detail.id)}/postmortem">Postmortem, as a draft</a></p>
<p><a href="/incidents/${encodeURIComponent(detail.id)}/llm">What language models were asked</a></p>
</div></div>`;
  const aside = html`<span id="state" data-live>${incidentChip(detail)}</span>`;
  return { title: incident.title, aside, section: '/', body, scripts: ['live.js', 'graph.js'], styles: ['graph.css'] };
}
