import { refusal } from '../../blocks/refusal.ts';
import type { MessageView } from '../../blocks/slack.ts';
import { callSlack } from '../slack/call.ts';
import { clamp } from '../slack/clamp.ts';
import { SlackRefused } from '../slack/errors.ts';
import { redactLeaves } from '../slack/redact-leaves.ts';
import type { ListenerContext, Refused, SlackUser } from './context.ts';

/**
 * Where the person is: the channel, null where the request came from none, and the thread that they wrote or clicked in. A message outside
 * of threads is not its own thread here: Slack shows an ephemeral message in a thread only after somebody has replied in it.
 */
export interface Where {
  readonly channel: string | null;
  readonly threadTs: string | null;
}

/** Says something to one person alone: in the thread, or in a direct message where the bot cannot write there. Never throws: it is the last thing done. */
export async function tell(context: ListenerContext, who: SlackUser, where: Where, view: MessageView): Promise<void> {
  const { text, blocks } = clamp(redactLeaves(view, context.redact));
  const content = { text, blocks: [...blocks] };
  const thread = where.threadTs === null ? {} : { thread_ts: where.threadTs };
  const { channel } = where;
  try {
    if (channel === null) throw new SlackRefused('chat.postEphemeral', 'no_channel', null);
    await callSlack('chat.postEphemeral', () => context.client.chat.postEphemeral({ channel, user: who.user, ...thread, ...content }));
  } catch (error) {
    if (!(error instanceof SlackRefused)) return context.log.warn({ err: error }, 'slack answer to a person was lost');
    await callSlack('chat.postMessage', () =>
      context.client.chat.postMessage({ channel: who.user, ...content, unfurl_links: false, unfurl_media: false }),
    ).catch((cause: unknown) => context.log.warn({ err: cause }, 'slack answer to a person was refused'));
  }
}

/** Turns away whoever is no full member of the workspace: says so, audits it, answers false. */
export async function admitted(context: ListenerContext, who: SlackUser, where: Where, what: Refused['what']): Promise<boolean> {
  const account = await context.accounts.check(who);
  if (account.kind === 'member') return true;
  await context.onRefused({ who, what, code: account.code });
  await tell(context, who, where, refusal(account.message));
  return false;
}
