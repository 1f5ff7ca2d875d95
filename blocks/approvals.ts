import { section } from './elements.ts';
import { lines } from './lines.ts';
import type { Links } from './links.ts';
import { planLine } from './plan-line.ts';
import type { ShownPlan } from './shown-plan.ts';
import type { MessageView } from './slack.ts';
import { count } from './words.ts';

/** Answer to `/watchkeeper approvals`. */
export function approvals(plans: readonly ShownPlan[], links: Links): MessageView {
  const text =
    plans.length === 0
      ? 'No plan waits for approval.'
      : `${count(plans.length, 'plan')} waiting for approval. Vote on the card in the incident’s thread.`;
  return { text, blocks: [section(`*${text}*`), ...lines(plans, (shown) => planLine(shown, links))] };
}
