import { section } from './elements.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

/** A short message; `text` is plain text from anywhere. */
export function notice(text: string): MessageView {
  const body = truncate(text, 2800) || '(empty)';
  return { text: body, blocks: [section(body)] };
}
