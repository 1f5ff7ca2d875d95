import { section } from './elements.ts';
import type { MessageView } from './slack.ts';

/** What can be asked, and how. */
export function help(): MessageView {
  const lines = [
    '*Mention me* with what is wrong, e.g. `@watchkeeper checkout returns errors since 14:00`, or write to me directly.',
    'I investigate, show the evidence, and propose a plan. Nothing is changed before the people whom policy asks have approved exactly that plan.',
    '• `/watchkeeper ask TEXT`: start an investigation here',
    '• `/watchkeeper status`: open incidents',
    '• `/watchkeeper approvals`: plans that wait for a decision',
    '• `/watchkeeper incident ID`: one incident',
    '• Message menu → *Investigate this*: start from a message',
    '• In the thread of an incident, with a language model: mention me with a question, or with `summary` for people who are not engineers',
  ];
  return { text: 'Tell me what is wrong and I look into it. /watchkeeper help shows more.', blocks: [section(lines.join('\n'))] };
}
