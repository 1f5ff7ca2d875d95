import { context, section } from './elements.ts';
import { escapeText, oneLine } from './escape.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

/** What somebody asked through a command or a modal: the root of the thread that answers it. `asker` is a Slack user id. */
export function request(text: string, asker: string): MessageView {
  return {
    text: truncate(oneLine(text), 300) || '(empty)',
    blocks: [section(truncate(text, 2500)), context(`Asked by <@${escapeText(asker)}>`)],
  };
}
