import { section } from './elements.ts';
import type { MessageView } from './slack.ts';

/** The first reply, before anything has looked at anything. `queued`: the engine is away; the request is stored and is handled later. */
export function acknowledgement(state: 'looking' | 'queued'): MessageView {
  const text = state === 'looking' ? 'Looking into it…' : 'Queued: your request is stored. It is handled as soon as the engine is back.';
  return { text, blocks: [section(text)] };
}
