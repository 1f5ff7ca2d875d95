import type { Verdict } from '../workflows/contracts/plan.ts';
import { commandText } from './command.ts';
import { section } from './elements.ts';
import type { Links } from './links.ts';
import { planButtons } from './plan-buttons.ts';
import { planLine } from './plan-line.ts';
import { preformatted, richText } from './rich-text.ts';
import type { ShownPlan } from './shown-plan.ts';
import type { Block } from './slack.ts';

/** A plan in a list, and what its reader may answer. */
export interface WaitingPlan {
  readonly shown: ShownPlan;
  readonly answers: readonly Verdict[];
}

/** Plans in one list: each takes three blocks. */
export const mostWaiting = 12;

/** One plan of a list: what it is, what it runs, and buttons. Changes are requested on the card, where they can be discussed. */
function waitingPlan({ shown, answers }: WaitingPlan, links: Links): Block[] {
  const commands = shown.plan.steps.map(({ via }) => commandText(via)).join('\n');
  const offered = answers.filter((answer) => answer !== 'request_changes');
  return [
    section(planLine(shown, links)),
    richText([preformatted(commands, 400)]),
    planButtons(shown, offered, 'the whole plan in Details says'),
  ];
}

export function waitingPlans(plans: readonly WaitingPlan[], links: Links): Block[] {
  const rest = plans.length - mostWaiting;
  const more = rest > 0 ? [section(`… (${rest} more)`)] : [];
  return [...plans.slice(0, mostWaiting).flatMap((plan) => waitingPlan(plan, links)), ...more];
}
