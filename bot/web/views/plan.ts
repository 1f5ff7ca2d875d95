import { provenanceWords } from '../../../blocks/provenance.ts';
import { triedHeading, triedWords } from '../../../blocks/tried.ts';
import { approvalWords, planStateWords, reachWords } from '../../../blocks/words.ts';
import type { BreakGlassSettings } from '../../../policy/contract/approvals.ts';
import type { Similar } from '../../../workflows/contracts/memory.ts';
import type { Verdict } from '../../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../../workflows/ports.ts';
import type { ExplainAnswer } from '../../policy/recorded.ts';
import { plainText } from '../../slack/plain-text.ts';
import type { Review } from '../../store/break-glass.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { breakGlassForm, noReason, type Refused, reviewForm, type Typed, voteForm } from './answers.ts';
import { aboutProofs, decisionProof } from './decision-proof.ts';
import { liveState } from './live-state.ts';
import { chip, facts, named, none, nothing, outside, proofLink, section, short, table, time } from './parts.ts';
import { planStep } from './plan-step.ts';
import { planChip, tierChip } from './states.ts';

export interface PlanPage {
  readonly stored: StoredPlan;
  /** The answers of whoever looks that would be recorded. */
  readonly answers: readonly Verdict[];
  readonly viewer: { readonly id: string; readonly roles: readonly string[] };
  readonly token: string;
  readonly typed: Typed;
  /** Null: nothing was. */
  readonly refused: Refused | null;
  readonly breakGlass: BreakGlassSettings | null;
  /** Of its use of break-glass; null: there is none yet. */
  readonly review: Review | null;
  readonly why: ExplainAnswer;
  /** Incidents of before in which the same was tried and did not help. */
  readonly tried: readonly Similar[];
  readonly nameOf: (person: string) => string;
  /** Entries of the audit log, by the id of the vote or decision that they record, or by their kind. */
  readonly proofs: ReadonlyMap<string, string>;
  /** Row of the incident's last entry in the audit log. */
  readonly after: number;
}

const verdictWords = { approve: 'Approved', reject: 'Rejected', request_changes: 'Asked for changes' } as const;
const verdictTones = { approve: 'ok', reject: 'bad', request_changes: 'warn' } as const;

function votes({ stored, nameOf, proofs }: PlanPage): Html {
  const rows = stored.votes.map(({ id, person, verdict, channel, reason, createdAt }) => [
    named(nameOf(person)),
    chip(verdictWords[verdict], verdictTones[verdict]),
    channel,
    reason === null || reason === '' ? none : outside(reason),
    time(createdAt),
    proofLink(proofs.get(id), `the answer of ${nameOf(person)}`),
  ]);
  return table({
    caption: 'Answers',
    head: ['Person', 'Answer', 'Through', 'Reason', 'At (UTC)', 'Proof'],
    rows,
    none: 'Nobody has answered yet.',
  });
}

function glass({ stored, review, nameOf, viewer, token, typed, refused, proofs }: PlanPage): Html {
  const use = stored.breakGlass;
  if (use === null) return nothing;
  const told =
    review === null
      ? html`<p>${chip('Not reviewed yet', 'warn')}</p>${use.person === viewer.id ? html`<p>Somebody else has to review it.</p>` : reviewForm({ stored, token, typed, refused })}`
      : html`<p>${chip(review.verdict === 'justified' ? 'Justified' : 'Not justified', review.verdict === 'justified' ? 'ok' : 'bad')} ${outside(review.note)} <span class="quiet">(${nameOf(review.by)}, ${time(review.at)})</span> ${proofLink(proofs.get('break_glass.reviewed'), 'the review')}</p>`;
  return section(
    'glass',
    'Break-glass',
    html`<p>${outside(nameOf(use.person))} took it upon themselves at ${time(use.at)}, until ${time(use.until)}: ${outside(use.reason)} ${proofLink(proofs.get('break_glass.used'), 'this use of break-glass')}</p>${told}`,
  );
}

function why({ why: { items }, proofs }: PlanPage): Html {
  const rows = items.map(({ id, at, question, step, verdict, why: rules }) => [
    html`${question}${step === null ? nothing : html` (${step})`}`,
    chip(verdict.replaceAll('_', ' '), verdict === 'allow' ? 'ok' : verdict === 'deny' ? 'bad' : 'warn'),
    html`${rules.map(({ rule, reason }) => html`<div>${outside(reason)}${rule === null ? nothing : html` <code class="quiet">${rule}</code>`}</div>`)}`,
    time(at),
    decisionProof(proofs.get(id), { question, verdict }, `the answer of policy to ${question} at ${at}`),
  ]);
  const list = table({
    caption: 'What policy was asked and answered',
    head: ['Question', 'Answer', 'Because', 'At (UTC)', 'Proof'],
    rows,
    none: 'Nothing was asked of policy.',
  });
  return html`${items.length === 0 ? nothing : aboutProofs}${list}`;
}

/** What they may do now; where that is nothing, why. */
function answer(page: PlanPage): Html {
  const { stored, answers, token, typed, refused, viewer, nameOf } = page;
  if (stored.state !== 'pending') return html`<p>${planStateWords[stored.state]}.</p>`;
  const asked = { stored, token, typed, refused };
  const own = stored.votes.find(({ person }) => person === viewer.id);
  const said =
    own === undefined
      ? html`<p>You cannot answer this one.</p>`
      : html`<p>You have answered: ${verdictWords[own.verdict].toLowerCase()}, as ${nameOf(own.person)}.</p>`;
  return html`${answers.length === 0 ? said : voteForm(asked, answers)}${breakGlassForm(asked, page.breakGlass, viewer.roles)}`;
}

/** What was refused, unless the form says it at its own field; it has the focus, so that it is seen and heard. */
function problemOf({ refused, stored, answers }: PlanPage): Html {
  const atField = refused?.code === noReason && stored.state === 'pending' && answers.length > 0;
  if (refused === null || atField) return nothing;
  return html`<p class="notice bad" role="alert" tabindex="-1" autofocus>${refused.message}</p>`;
}

export function planView(page: PlanPage): View {
  const { stored } = page;
  const { plan, state, requestHash } = stored;
  const provenance = provenanceWords(plan);
  const head = facts([
    ['Incident', html`<a href="/incidents/${encodeURIComponent(plan.incidentId)}">${plan.incidentId}</a>`],
    ['Reach', reachWords(plan)],
    ['Playbook', html`<code>${plan.playbook}</code>${provenance === null ? nothing : html` (${provenance})`}`],
    ['Made (UTC)', time(plan.createdAt)],
    ['Expires (UTC)', time(plan.expiresAt)],
    ['Request hash', short(requestHash)],
    ['Policy', short(plan.policyBundle)],
  ]);
  const reasons = plan.reasons.length === 0 ? nothing : html`<ul>${plan.reasons.map((reason) => html`<li>${outside(reason)}</li>`)}</ul>`;
  const before = page.tried.map(
    (one) => html`<li><a href="/incidents/${encodeURIComponent(one.incidentId)}">${outside(triedWords(one))}</a></li>`,
  );
  const tried = before.length === 0 ? nothing : html`<div class="notice warn"><p>${triedHeading}:</p><ul>${before}</ul></div>`;
  const body = html`${liveState(plan.incidentId, page.after, `/plans/${encodeURIComponent(plan.id)}`)}${problemOf(page)}${tried}${head}
<div class="columns"><div>
${section(
  'steps',
  plan.steps.length === 1 ? 'The step' : 'The steps',
  html`${plan.steps.map((step, index) =>
    planStep(
      step,
      index,
      stored.steps.find(({ stepId }) => stepId === step.id),
    ),
  )}`,
  true,
)}
</div><div>
${section('approval', 'Approval', html`<p>${plainText(approvalWords(plan.approval))}</p>${reasons}`)}
${section('votes', 'Answers', votes(page), true)}
${section('answer', 'Your answer', answer(page), true)}
${glass(page)}
${section('policy', 'Why policy decided so', html`<details><summary>Rule by rule</summary>${why(page)}</details>`)}
</div></div>`;
  const aside = html`<span class="row" id="state" data-live>${planChip(state)}${tierChip(plan.tier)}</span>`;
  return { title: plan.goal, aside, section: '/approvals', body, scripts: ['live.js'] };
}
