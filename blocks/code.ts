import { oneLine } from './escape.ts';
import { truncate } from './truncate.ts';

/** Inline code, at most `max` characters between its backticks. A backtick in the text would end it. */
export function code(text: string, max = 200): string {
  return `\`${truncate(oneLine(text).replaceAll('`', "'"), max) || ' '}\``;
}
