import type { BreakGlass } from '../workflows/contracts/plan.ts';
import { oneLine } from './escape.ts';
import type { NameOf } from './shown-plan.ts';
import { truncate } from './truncate.ts';
import { instant } from './words.ts';

/** Who runs a plan without its quorum, why, and until when: mrkdwn. */
export function breakGlassLine({ person, reason, until }: BreakGlass, nameOf: NameOf): string {
  const name = truncate(oneLine(nameOf(person)), 100);
  return `:rotating_light: *Break-glass by ${name}*, without the approvals that policy asks for, until ${instant(until)}: ${truncate(oneLine(reason), 500)}. A review by somebody else is due.`;
}
