import type { MessageView } from '../../blocks/slack.ts';
import { SlackRefused } from './errors.ts';

/** A message, and what to post where the server does not know one of its blocks. */
export interface Rendering {
  readonly view: MessageView;
  readonly fallback?: MessageView;
}

/** Newer than what every compatible server knows. */
const recent = new Set<string>(['plan', 'task_card', 'context_actions']);

const unknownBlocks = new Set(['invalid_blocks', 'invalid_blocks_format', 'unsupported_block_type']);

/** What one server turned out not to know. One per poster. */
export interface Dialect {
  /** Sends the best rendering that the server takes. */
  send<T>(rendering: Rendering, send: (view: MessageView) => Promise<T>): Promise<T>;
}

export function createDialect(): Dialect {
  const unknown = new Set<string>();
  return {
    async send({ view, fallback }, send) {
      const used = view.blocks.map((block) => block.type).filter((type) => recent.has(type));
      if (fallback === undefined || used.length === 0) return send(view);
      if (used.some((type) => unknown.has(type))) return send(fallback);
      try {
        return await send(view);
      } catch (error) {
        if (!(error instanceof SlackRefused) || !unknownBlocks.has(error.slackError)) throw error;
        const sent = await send(fallback);
        for (const type of used) unknown.add(type);
        return sent;
      }
    },
  };
}
