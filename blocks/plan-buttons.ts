import type { Verdict } from '../workflows/contracts/plan.ts';
import { actions, button } from './elements.ts';
import { shortId } from './links.ts';
import { planReference, type ShownPlan } from './shown-plan.ts';
import type { Block, Button } from './slack.ts';
import { reachWords } from './words.ts';

/** High risk asks for the reason in a modal, which shows what runs; anything else is confirmed. */
function approve(shown: ShownPlan, value: string, whatRuns: string): Button {
  const confirm = {
    title: 'Approve this plan?',
    text: `${reachWords(shown.plan)}. It runs exactly as ${whatRuns}.`,
    confirm: 'Approve',
    deny: 'Back',
  };
  return button('Approve', 'plan.approve', value, { style: 'primary', ...(shown.plan.tier === 'high' ? {} : { confirm }) });
}

/**
 * The buttons of a plan for those answers, and Details. A new state has a new block id, so that a click on an old rendering is
 * recognisable. `whatRuns` ends the sentence "It runs exactly as …".
 */
export function planButtons(shown: ShownPlan, answers: readonly Verdict[], whatRuns: string): Block {
  const value = planReference(shown);
  const buttons: Readonly<Record<Verdict, () => Button>> = {
    approve: () => approve(shown, value, whatRuns),
    request_changes: () => button('Request changes', 'plan.request_changes', value),
    reject: () => button('Reject', 'plan.reject', value, { style: 'danger' }),
  };
  return actions(`plan:${shortId(shown.requestHash)}:${shown.state}:${shown.votes.length}:${shown.plan.id}`, [
    ...(['approve', 'request_changes', 'reject'] as const).filter((answer) => answers.includes(answer)).map((answer) => buttons[answer]()),
    button('Details', 'plan.details', value),
  ]);
}
