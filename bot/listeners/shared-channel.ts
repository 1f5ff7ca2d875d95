import { callSlack } from '../slack/call.ts';
import { SlackRefused } from '../slack/errors.ts';
import type { ListenerContext, Refused, SlackUser } from './context.ts';

/** For the person: what is found is the company's own. */
export const sharedWords =
  'This channel is shared with another workspace (Slack Connect): what I find would be shown to them. Ask me in a channel of this workspace.';

export interface ChannelFacts {
  readonly member: boolean;
  readonly shared: boolean;
}

/** What Slack says of a channel; one that it does not show the bot counts as not joined and not shared. Throws SlackUnavailable. */
export async function channelFacts(context: ListenerContext, channel: string): Promise<ChannelFacts> {
  try {
    const { channel: info } = await callSlack('conversations.info', () => context.client.conversations.info({ channel }));
    return { member: info?.is_member === true || info?.is_im === true, shared: info?.is_ext_shared === true };
  } catch (error) {
    if (error instanceof SlackRefused) return { member: false, shared: false };
    throw error;
  }
}

export async function auditShared(context: ListenerContext, who: SlackUser, what: Refused['what']): Promise<void> {
  await context.onRefused({ who, what, code: 'shared_channel' });
}
