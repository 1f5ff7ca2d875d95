import { section } from './elements.ts';
import { link, visible } from './escape.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

/** Where a document is that belongs to the incident. */
export function documentLink(title: string, url: string): MessageView {
  const shown = truncate(title.trim(), 200, visible) || 'Document';
  return { text: shown, blocks: [section(link(url, shown))] };
}
