import { context, section } from './elements.ts';
import { oneLine } from './escape.ts';
import { type Addressee, mention } from './mention.ts';
import type { MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';
import { count, groupList } from './words.ts';

export interface ShownReminder {
  readonly goal: string;
  readonly minutesLeft: number;
  /** Approvals that are still missing. */
  readonly missing: number;
  /** Groups from which some of these have to come. */
  readonly lacking: readonly { readonly group: string; readonly missing: number }[];
  /** Those who may give them, with their Slack user ids where they have one. */
  readonly people: readonly Addressee[];
}

function until(minutes: number): string {
  return `In ${count(minutes, 'minute')} the plan expires, and nothing runs.`;
}

/** In the incident's thread, to those who may still approve: they are mentioned. */
export function reminder({ goal, minutesLeft, missing, lacking, people }: ShownReminder): MessageView {
  const who = people.length === 0 ? 'nobody who is listed may give it' : first(people, 40, mention).join(', ');
  const groups = groupList(lacking, (words, need) => `, at least ${need.missing} from ${words}`).join('');
  const text = `Still waiting for ${count(missing, 'approval')}${groups}: ${who}. ${until(minutesLeft)}`;
  return { text, blocks: [section(text), context(truncate(oneLine(goal), 300) || '(no goal)')] };
}

/** In a direct message, below the card. */
export function directReminder(minutesLeft: number): MessageView {
  const text = `Your answer is still missing. ${until(minutesLeft)}`;
  return { text, blocks: [section(text)] };
}
