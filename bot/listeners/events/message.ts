import { z } from 'zod';
import { help } from '../../../blocks/help.ts';
import { refusal } from '../../../blocks/refusal.ts';
import type { SlackOrigin } from '../../ports.ts';
import { plainText, withoutMention } from '../../slack/plain-text.ts';
import { isSmallTalk } from '../../slack/small-talk.ts';
import type { ListenerContext } from '../context.ts';
import { known } from '../known.ts';
import { auditShared, sharedWords } from '../shared-channel.ts';
import { admitted, tell } from '../tell.ts';

const Message = z.object({
  user: z.string().optional(),
  channel: z.string(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().default(''),
  subtype: z.string().optional(),
  bot_id: z.string().optional(),
  edited: z.unknown().optional(),
  user_team: z.string().optional(),
  source_team: z.string().optional(),
  team: z.string().optional(),
});
type Message = z.infer<typeof Message>;

const Envelope = z.object({ event_id: z.string(), team_id: z.string(), is_ext_shared_channel: z.boolean().default(false) });

const said = new Set([undefined, 'file_share', 'thread_broadcast']);

/** Bots, our own messages, edits and deletions say nothing new to us. */
function isNews(message: Message, botUser: string): message is Message & { user: string } {
  return (
    message.user !== undefined &&
    message.user !== botUser &&
    message.bot_id === undefined &&
    message.edited === undefined &&
    said.has(message.subtype)
  );
}

/** A mention, or a direct message: stored before it is acknowledged. Throws StoreUnavailable, so that Slack sends it again. */
export async function onMessage(context: ListenerContext, event: unknown, body: unknown, direct: boolean): Promise<void> {
  const message = Message.safeParse(event).data;
  const { botUser } = await context.identity();
  if (message === undefined || !isNews(message, botUser)) return;
  const envelope = Envelope.parse(body);
  const team = message.user_team ?? message.source_team ?? message.team ?? envelope.team_id;
  const origin: SlackOrigin = { team, channel: message.channel, user: message.user, ts: message.ts, threadTs: message.thread_ts ?? null };
  const thread = { channel: origin.channel, threadTs: origin.threadTs ?? origin.ts };
  if (!(await admitted(context, origin, origin, 'mention'))) return;
  if (envelope.is_ext_shared_channel) {
    await auditShared(context, origin, 'mention');
    return tell(context, origin, origin, refusal(sharedWords));
  }
  const text = plainText(withoutMention(message.text, botUser)).trim();
  // In a thread it may be an answer to what was asked there: intake knows whose thread it is.
  if (text === '' || (origin.threadTs === null && isSmallTalk(text))) {
    await context.poster.once(`event:${envelope.event_id}`, thread, { view: help() });
    return;
  }
  if (!(await known(context, origin, origin, 'mention'))) return;
  await context.intake.receive({ kind: 'slack.mention', dedupeKey: envelope.event_id, origin, text, direct });
}
