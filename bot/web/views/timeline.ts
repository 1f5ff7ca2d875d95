import { lineOf } from '../../mirrors/words.ts';
import type { AuditEntry } from '../../store/audit-list.ts';
import { type Html, html } from '../html.ts';
import { nothing, outside, proofLink, time } from './parts.ts';

/** What happens often, and decides nothing. */
const minor: ReadonlySet<string> = new Set(['observation.stored', 'grant.issued', 'grant.claimed', 'policy.decided']);

/** Stored words were redacted before they were stored. */
const asStored = (text: string) => text;

/** One decision. `fresh`: it has come while somebody looked. */
export function timelineItem({ body, data, entry }: AuditEntry, fresh = false): Html {
  const { kind, actor, at, planId, id } = body;
  const { headline, rest } = lineOf({ kind, body: { at, actor, planId, data } }, asStored);
  const plan = planId === null ? nothing : html` <a href="/plans/${encodeURIComponent(planId)}">Plan</a>`;
  const proof = html` ${proofLink(id, `${headline} at ${at}`)}`;
  return html`<li id="entry-${entry}"${fresh ? html` class="fresh"` : nothing}><p>${minor.has(kind) ? html`<span class="minor">${outside(headline)}</span>` : html`<strong>${outside(headline)}</strong>`}${rest === '' ? nothing : html` <span>${outside(rest)}</span>`}</p>
<p class="live">${time(at)}${plan}${proof}</p></li>`;
}

/** `older`: there is more before it. */
export function timeline(incidentId: string, entries: readonly AuditEntry[], older: boolean): Html {
  const whole = `/audit?incident=${encodeURIComponent(incidentId)}`;
  const more = older ? html`<p><a href="${whole}">What came before</a></p>` : nothing;
  return html`${more}<ol class="timeline" id="entries">${entries.map((entry) => timelineItem(entry))}</ol>`;
}
