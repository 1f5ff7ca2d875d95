import { section } from './elements.ts';
import type { Links } from './links.ts';
import type { MessageView } from './slack.ts';
import { type WaitingPlan, waitingPlans } from './waiting-plan.ts';
import { count } from './words.ts';

/** Answer to `/watchkeeper approvals`. */
export function approvals(plans: readonly WaitingPlan[], links: Links): MessageView {
  const text = plans.length === 0 ? 'No plan waits for approval.' : `${count(plans.length, 'plan')} waiting for approval.`;
  return { text, blocks: [section(`*${text}*`), ...waitingPlans(plans, links)] };
}
