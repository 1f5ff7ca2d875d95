import { request } from '../../blocks/request.ts';
import type { ListenerContext, SlackUser } from './context.ts';

/**
 * An investigation that starts from no message: posts what was asked as the root of a new thread, then hands it to intake.
 * Throws SlackRefused, SlackUnavailable, StoreUnavailable; after these a repeated call with the same key is safe.
 */
export async function ask(context: ListenerContext, key: string, who: SlackUser, channel: string, text: string): Promise<void> {
  const view = request(context.redact(text), who.user);
  const root = await context.poster.once(`ask:${key}`, { channel, threadTs: null }, { view });
  const origin = { ...who, channel: root.channel, ts: root.ts, threadTs: null };
  await context.intake.receive({ kind: 'slack.investigate', dedupeKey: `ask:${key}`, origin, text });
}
