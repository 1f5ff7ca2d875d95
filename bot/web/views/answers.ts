import type { BreakGlassSettings } from '../../../policy/contract/approvals.ts';
import type { Verdict } from '../../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../../workflows/ports.ts';
import { type Html, html } from '../html.ts';
import { nothing, tokenField } from './parts.ts';

/** What had been typed into a form; empty at first. */
export type Typed = Readonly<Partial<Record<'form' | 'reason' | 'minutes' | 'note', string>>>;

/** Why what they did was refused, in words, and which. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

interface Asked {
  readonly stored: StoredPlan;
  readonly token: string;
  readonly typed: Typed;
  readonly refused: Refused | null;
}

const buttons: Readonly<Record<Verdict, Html>> = {
  approve: html`<button class="primary" name="verdict" value="approve">Approve</button>`,
  request_changes: html`<button name="verdict" value="request_changes">Request changes</button>`,
  reject: html`<button class="danger" name="verdict" value="reject">Reject</button>`,
};

const path = ({ stored }: Asked, rest: string) => `/plans/${encodeURIComponent(stored.plan.id)}/${rest}`;

/** With the hash of what the page shows: an answer counts for exactly that. */
function hidden(asked: Asked, form: string): Html {
  return html`${tokenField(asked.token)}<input type="hidden" name="form" value="${form}"><input type="hidden" name="requestHash" value="${asked.stored.requestHash}">`;
}

/** Whether an answer takes a reason: as in Slack. */
export function needsReason(verdict: Verdict, { plan }: StoredPlan): boolean {
  return verdict !== 'approve' || plan.tier === 'high';
}

/** Of an answer without the reason that it takes. */
export const noReason = 'no_reason';

export function voteForm(asked: Asked, answers: readonly Verdict[]): Html {
  if (answers.length === 0) return nothing;
  const which = asked.stored.plan.tier === 'high' ? 'each answer takes one' : 'needed to reject, or to ask for changes';
  const offered = (['approve', 'request_changes', 'reject'] as const).filter((verdict) => answers.includes(verdict));
  const typed = asked.typed.form === 'vote' ? (asked.typed.reason ?? '') : '';
  const missing = asked.refused?.code === noReason ? asked.refused : null;
  // Whoever is refused stands in the field at once, and hears there what is missing.
  const invalid = missing === null ? nothing : html` aria-invalid="true" aria-describedby="no-reason" autofocus`;
  const problem = missing === null ? nothing : html`<p class="notice bad" role="alert" id="no-reason">${missing.message}</p>`;
  return html`<form class="ask" method="post" action="${path(asked, 'votes')}">${hidden(asked, 'vote')}
${problem}<label>Reason (${which})<textarea name="reason" maxlength="2000"${invalid}>${typed}</textarea></label>
<p class="quiet">It runs exactly as this page says. Your answer is recorded with your name and cannot be taken back.</p>
<div class="row">${offered.map((verdict) => buttons[verdict])}</div></form>`;
}

/** Null settings: break-glass is off. */
export function breakGlassForm(asked: Asked, settings: BreakGlassSettings | null, roles: readonly string[]): Html {
  const may = settings?.roles.some((role) => roles.includes(role)) === true;
  if (!may || settings === null || asked.stored.state !== 'pending') return nothing;
  const own = asked.typed.form === 'glass';
  const minutes = own ? (asked.typed.minutes ?? '') : String(settings.maxMinutes);
  return html`<details id="break-glass"${own ? html` open` : nothing}><summary>Break the glass: run it without its approvals</summary>
<form class="ask" method="post" action="${path(asked, 'break-glass')}">${hidden(asked, 'glass')}
<p>Only when it cannot wait. Everybody is paged, and somebody else reviews it afterwards. It takes a sign-in of the last five minutes: yours is asked for again where it is older.</p>
<label>Why it cannot wait (at least 10 characters)<textarea name="reason" maxlength="2000" minlength="10" required>${own ? (asked.typed.reason ?? '') : ''}</textarea></label>
<label>Minutes that it lasts<input type="number" name="minutes" min="1" max="${settings.maxMinutes}" value="${minutes}" required></label>
<div><button class="danger">Run it without approvals</button></div></form></details>`;
}

export function reviewForm(asked: Asked): Html {
  const own = asked.typed.form === 'review';
  return html`<form class="ask" method="post" action="${path(asked, 'break-glass/review')}">${hidden(asked, 'review')}
<label>What you looked at<textarea name="note" maxlength="2000" required>${own ? (asked.typed.note ?? '') : ''}</textarea></label>
<div class="row"><button name="verdict" value="justified">It was justified</button><button class="danger" name="verdict" value="not_justified">It was not justified</button></div></form>`;
}
