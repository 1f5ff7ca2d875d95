import { oneLine, visible } from './escape.ts';
import type { Block, Button } from './slack.ts';
import { truncate } from './truncate.ts';

export type PlainText = { type: 'plain_text'; text: string; emoji: false };

/** Literal text: no mentions, no links, no emoji names. */
export function plain(text: string, max: number): PlainText {
  const shown = truncate(oneLine(text), max, visible);
  return { type: 'plain_text', text: shown === '' ? '(empty)' : shown, emoji: false };
}

/** `verbatim` keeps Slack from turning URLs and channel names of the text into links. An empty text would be refused. */
function mrkdwn(text: string) {
  return { type: 'mrkdwn' as const, text: text.trim() === '' ? '(empty)' : text, verbatim: true };
}

export function header(text: string): Block {
  return { type: 'header', text: plain(text, 150) };
}

/** `text` is mrkdwn whose outside parts are escaped and short enough already. */
export function section(text: string): Block {
  return { type: 'section', text: mrkdwn(text) };
}

export function context(...texts: string[]): Block {
  return { type: 'context', elements: texts.slice(0, 10).map(mrkdwn) };
}

export interface ButtonOptions {
  readonly style?: 'primary' | 'danger';
  readonly confirm?: { readonly title: string; readonly text: string; readonly confirm: string; readonly deny: string };
}

/** `value` is an id and a hash, never content. */
export function button(label: string, actionId: string, value: string, options: ButtonOptions = {}): Button {
  const { style, confirm } = options;
  return {
    type: 'button',
    text: plain(label, 75),
    action_id: actionId,
    value,
    ...(style ? { style } : {}),
    ...(confirm
      ? {
          confirm: {
            title: plain(confirm.title, 100),
            text: plain(confirm.text, 300),
            confirm: plain(confirm.confirm, 30),
            deny: plain(confirm.deny, 30),
          },
        }
      : {}),
  };
}

export function actions(blockId: string, elements: Button[]): Block {
  return { type: 'actions', block_id: blockId.slice(0, 255), elements };
}
