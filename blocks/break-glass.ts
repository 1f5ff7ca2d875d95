import type { BreakGlass } from '../workflows/contracts/plan.ts';
import { section } from './elements.ts';
import { oneLine } from './escape.ts';
import { type Addressee, mention } from './mention.ts';
import type { NameOf } from './shown-plan.ts';
import type { MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { instant } from './words.ts';

/** Who runs a plan without its quorum, why, and until when: mrkdwn. */
export function breakGlassLine({ person, reason, until }: BreakGlass, nameOf: NameOf): string {
  const name = truncate(oneLine(nameOf(person)), 100);
  return `:rotating_light: *Break-glass by ${name}*, without the approvals that policy asks for, until ${instant(until)}: ${truncate(oneLine(reason), 500)}. A review by somebody else is due.`;
}

/** In the incident's thread, to everybody who could have approved: they are mentioned. */
export function breakGlassAlarm(glass: BreakGlass, people: readonly Addressee[], nameOf: NameOf): MessageView {
  const text = breakGlassLine(glass, nameOf);
  const who = people.length === 0 ? [] : [section(first(people, 60, mention).join(' '))];
  return { text, blocks: [section(text), ...who] };
}
