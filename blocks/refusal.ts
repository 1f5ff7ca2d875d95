import { context, section } from './elements.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

/** Said to one person alone: what was not done, and why. `message` is plain text. */
export function refusal(message: string): MessageView {
  const body = truncate(message, 1000) || '(no reason given)';
  return { text: body, blocks: [section(`:no_entry: ${body}`), context('Nothing was done.')] };
}
