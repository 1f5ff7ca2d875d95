import { link, oneLine } from './escape.ts';
import type { Links } from './links.ts';
import { approvers, type ShownPlan } from './shown-plan.ts';
import { truncate } from './truncate.ts';
import { count, instant, tierWords } from './words.ts';

/** One waiting plan on one line of mrkdwn. */
export function planLine(shown: ShownPlan, links: Links): string {
  const { plan } = shown;
  const approved = approvers(shown.votes).length;
  const steps = count(plan.steps.length, 'step');
  return `${link(links.plan(plan.id), plan.id)} *${truncate(oneLine(plan.goal), 120)}* · ${tierWords(plan.tier)}, ${steps} · ${approved} of ${plan.approval.needed} approvals · expires ${instant(plan.expiresAt)}`;
}
