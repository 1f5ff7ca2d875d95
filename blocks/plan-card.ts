import { actions, button, context, header, section } from './elements.ts';
import { escapeText, link } from './escape.ts';
import { type Links, shortId } from './links.ts';
import { planStep } from './plan-step.ts';
import { type NameOf, planReference, type ShownPlan } from './shown-plan.ts';
import type { Block, MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { voteLines } from './votes.ts';
import { approvalWords, count, instant, tierWords } from './words.ts';

/** Characters of commands and diffs on a whole card; the rest is in Details. */
const cardBudget = 9000;

function summary({ plan }: ShownPlan): string {
  const sites = [...new Set(plan.steps.map((step) => step.site))].join(', ');
  return `${count(plan.steps.length, 'step')} on ${sites}, ${tierWords(plan.tier)}`;
}

/** The first line says what is asked and how far it reaches. A new state has a new block id, so that a click on an old rendering is recognisable. */
function buttons(shown: ShownPlan): Block {
  const value = planReference(shown);
  const high = shown.plan.tier === 'high';
  const confirm = { title: 'Approve this plan?', text: `${summary(shown)}. It runs exactly as shown.`, confirm: 'Approve', deny: 'Back' };
  return actions(`plan:${shortId(shown.requestHash)}:${shown.state}:${shown.votes.length}:${shown.plan.id}`, [
    button('Approve', 'plan.approve', value, { style: 'primary', ...(high ? {} : { confirm }) }),
    button('Request changes', 'plan.request_changes', value),
    button('Reject', 'plan.reject', value, { style: 'danger' }),
    button('Details', 'plan.details', value),
  ]);
}

function approvals(shown: ShownPlan): string {
  const approved = new Set(shown.votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person)).size;
  const soFar = approved > 0 ? ` ${approved} so far.` : '';
  return `${approvalWords(shown.plan.approval)}${soFar} Expires ${instant(shown.plan.expiresAt)}; then nothing runs.`;
}

/** A plan that waits for people: rendered from the typed plan, not from anybody's words about it. */
export function planCard(shown: ShownPlan, links: Links, nameOf: NameOf): MessageView {
  const { plan } = shown;
  const share = Math.floor(cardBudget / plan.steps.length / 3);
  const budget = { command: Math.min(1500, share), diff: Math.min(1500, share) };
  const reasons = first(plan.reasons, 5, (reason) => `• ${truncate(reason, 300)}`);
  const votes = voteLines(shown.votes, nameOf);
  return {
    text: `Approval needed: ${truncate(plan.goal, 300)} (${escapeText(summary(shown))})`,
    blocks: [
      header(`Approval needed: ${plan.goal}`),
      section([`*${escapeText(summary(shown))}*`, ...reasons].join('\n')),
      ...plan.steps.slice(0, 20).map((step, index) => planStep(step, index, budget)),
      section(approvals(shown)),
      ...(votes.length > 0 ? [section(votes.join('\n'))] : []),
      buttons(shown),
      context(
        `${link(links.plan(plan.id), `Plan ${plan.id}`)} · request ${shortId(shown.requestHash)} · policy ${shortId(plan.policyBundle)}`,
      ),
    ],
  };
}
