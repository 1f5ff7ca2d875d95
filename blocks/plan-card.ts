import type { Step } from '../workflows/contracts/plan.ts';
import { cardBudget } from './card-budget.ts';
import { context, header, section } from './elements.ts';
import { escapeText, link } from './escape.ts';
import { type Links, shortId } from './links.ts';
import { planButtons } from './plan-buttons.ts';
import { planStep } from './plan-step.ts';
import { approvers, type CardReferences, type NameOf, noReferences, type ShownPlan } from './shown-plan.ts';
import type { Block, MessageView } from './slack.ts';
import { triedBlocks } from './tried.ts';
import { first, truncate } from './truncate.ts';
import { voteSections } from './votes.ts';
import { approvalWords, count, groupList, instant, reachWords } from './words.ts';

const answers = ['approve', 'request_changes', 'reject'] as const;

/** The votes so far against each need; nothing while one approval is needed and nobody has given it. */
function soFar({ plan, votes }: ShownPlan, given: CardReferences['given']): string[] {
  const { needed, groups } = plan.approval;
  const approved = approvers(votes).length;
  if (approved === 0 && needed < 2 && groups.length === 0) return [];
  const each = groupList(groups, (words, need) => `${words} ${given.get(need.group) ?? 0} of ${need.needed}`);
  return [`*So far:* ${[`${approved} of ${count(needed, 'approval')}`, ...each].join(' · ')}`];
}

function approvals(shown: ShownPlan, given: CardReferences['given']): string {
  const { approval, expiresAt } = shown.plan;
  return [`${approvalWords(approval)} Expires ${instant(expiresAt)}; then nothing runs.`, ...soFar(shown, given)].join('\n');
}

/** A copy says where the conversation is. */
export function threadContext(thread: string | null): Block[] {
  return thread === null
    ? []
    : [context(`A copy of the card in ${link(thread, 'the incident’s thread')}: an answer counts once, here or there.`)];
}

/** A plan that waits for people: rendered from the typed plan, not from anybody's words about it. */
export function planCard(shown: ShownPlan, links: Links, nameOf: NameOf, references: CardReferences = noReferences): MessageView {
  const { plan } = shown;
  const { reasons: policyReasons } = plan;
  const budget = cardBudget(plan);
  const step = (step: Step, index: number) => {
    const file = references.files.get(step.id) ?? null;
    return planStep({ step, index, reasons: policyReasons, file, elsewhere: 'The whole diff is in Details.' }, budget);
  };
  const reasons = first(plan.reasons, 5, (reason) => `• ${truncate(reason, 300)}`);
  return {
    text: `Approval needed: ${truncate(plan.goal, 300)} (${escapeText(reachWords(plan))})`,
    blocks: [
      header(`Approval needed: ${plan.goal}`),
      section([`*${escapeText(reachWords(plan))}*`, ...reasons].join('\n')),
      ...triedBlocks(references.tried, links),
      ...plan.steps.slice(0, 20).map(step),
      section(approvals(shown, references.given)),
      ...voteSections(shown.votes, links, nameOf, references),
      planButtons(shown, answers, 'shown'),
      ...threadContext(references.thread),
      context(
        `${link(links.plan(plan.id), `Plan ${plan.id}`)} · request ${shortId(shown.requestHash)} · policy ${shortId(plan.policyBundle)}`,
      ),
    ],
  };
}
