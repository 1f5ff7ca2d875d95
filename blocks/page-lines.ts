import { chunks } from './chunks.ts';
import { oneLine } from './escape.ts';
import type { MessageView } from './slack.ts';
import { first, truncate } from './truncate.ts';

/** What happened to an incident's alerts since the last message, a line each; plain text from anywhere. */
export function pageLines(lines: readonly string[]): MessageView {
  const shown = first(lines, 20, (line) => truncate(oneLine(line), 400) || '(empty)');
  return { text: shown[0] ?? '(empty)', blocks: chunks(shown.length === 0 ? ['(empty)'] : shown, 6) };
}
