import { z } from 'zod';
import { notice } from '../../../blocks/notice.ts';
import { refusal } from '../../../blocks/refusal.ts';
import { plainText } from '../../slack/plain-text.ts';
import { answered, whoIs } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { known } from '../known.ts';
import { auditShared, channelFacts, sharedWords } from '../shared-channel.ts';
import { admitted, tell } from '../tell.ts';

const Body = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional(), text: z.string().default('') }),
});

/** Starts from somebody's message, in its thread; twice for the same message is once. */
export async function investigateMessage(context: ListenerContext, raw: unknown): Promise<void> {
  const body = Body.parse(raw);
  const who = whoIs(body);
  const { ts, thread_ts: threadTs = null } = body.message;
  const channel = body.channel.id;
  const where = { channel, threadTs };
  await answered(context, { who, where }, async () => {
    if (!(await admitted(context, who, where, 'investigate'))) return undefined;
    // Slack offers the shortcut in every channel; the bot can answer only where it is a member.
    const { member, shared } = await channelFacts(context, channel);
    if (shared) {
      await auditShared(context, who, 'investigate');
      return tell(context, who, where, refusal(sharedWords));
    }
    if (!member) return tell(context, who, where, refusal('I am not in that channel. Invite me there, then try again.'));
    const text = plainText(body.message.text).trim();
    if (text === '')
      return tell(context, who, where, refusal('That message has no text that I could start from. Mention me with what is wrong.'));
    if (!(await known(context, who, where, 'investigate'))) return undefined;
    const origin = { ...who, channel, ts, threadTs };
    await context.intake.receive({ kind: 'slack.investigate', dedupeKey: `message:${channel}:${ts}`, origin, text });
    return tell(context, who, where, notice('Looking into it in the thread of that message.'));
  });
}
