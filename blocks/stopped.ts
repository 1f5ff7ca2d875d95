import { section } from './elements.ts';
import { escapeText } from './escape.ts';
import { preformatted, richText } from './rich-text.ts';
import type { MessageView } from './slack.ts';
import { truncate } from './truncate.ts';

export interface ShownStop {
  readonly reason: string;
  /** Lines with `-` as approved and `+` as it is now. */
  readonly difference: string | null;
  readonly again: boolean;
}

/** A change that stopped before anything was changed: why, what differs from the approval, and what happens next. */
export function stoppedMessage({ reason, difference, again }: ShownStop): MessageView {
  const next = again
    ? 'I look again now, and ask anew when there is still something to fix. The earlier approvals do not count for that.'
    : 'It has changed too often to be asked for again: mention me in a new message.';
  const body = `*Stopped: nothing was changed.* ${truncate(reason, 1500)}`;
  const compared = difference === null || difference.trim() === '' ? [] : [richText([preformatted(difference, 2000)])];
  return {
    text: `Stopped: nothing was changed. ${truncate(reason, 500)}`,
    blocks: [section(body), ...compared, section(escapeText(next))],
  };
}
