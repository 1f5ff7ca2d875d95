import { oneLine, visible } from './escape.ts';
import type { Block, RichTextElement, RichTextPart } from './slack.ts';
import { truncate } from './truncate.ts';

/** Rich text is literal: nothing in it is parsed as mention, link or markup, so nothing needs escaping. */
export function richText(parts: RichTextPart[], blockId?: string): Block {
  return { type: 'rich_text', elements: parts, ...(blockId === undefined ? {} : { block_id: blockId.slice(0, 255) }) };
}

export function words(text: string, max: number, style?: { bold?: boolean; italic?: boolean; code?: boolean }): RichTextElement {
  const shown = truncate(text, max, visible);
  return { type: 'text', text: shown === '' ? ' ' : shown, ...(style ? { style } : {}) };
}

export function line(...elements: RichTextElement[]): RichTextPart {
  return { type: 'rich_text_section', elements };
}

/** `*Label* text` on one line. */
export function labelled(label: string, text: string, max: number): RichTextPart {
  return line(words(`${label}: `, 100, { bold: true }), words(oneLine(text), max));
}

/** For our own http(s) addresses; the label alone for anything else. */
export function reference(url: string | null, label: string, max: number): RichTextElement {
  const shown = truncate(oneLine(label), max, visible);
  return url !== null && /^https?:\/\//.test(url) ? { type: 'link', url, text: shown } : words(label, max);
}

/** A code block that shows `text` exactly, whatever it contains. */
export function preformatted(text: string, max: number): RichTextPart {
  const shown = truncate(text, max, visible);
  return { type: 'rich_text_preformatted', elements: [{ type: 'text', text: shown === '' ? ' ' : shown }] };
}
