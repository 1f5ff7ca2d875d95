import type { WebClient } from '@slack/web-api';
import { callSlack } from './call.ts';
import type { Place } from './find-posted.ts';

/** The direct message between a person and the app. Throws SlackRefused, e.g. for an account that is switched off, and SlackUnavailable. */
export async function directMessage(client: WebClient, user: string): Promise<Place> {
  const { channel } = await callSlack('conversations.open', () => client.conversations.open({ users: user }));
  return { channel: channel?.id ?? user, threadTs: null };
}
