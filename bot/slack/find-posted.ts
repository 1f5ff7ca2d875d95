import type { WebClient } from '@slack/web-api';
import { callSlack } from './call.ts';
import { SlackRefused } from './errors.ts';

export const eventType = 'watchkeeper_post';

/** Where a message goes: a conversation, and the thread in it. */
export interface Place {
  readonly channel: string;
  readonly threadTs: string | null;
}

interface ListedFile {
  readonly id?: string;
  readonly permalink?: string;
}

interface Listed {
  readonly ts?: string;
  readonly files?: readonly ListedFile[];
  readonly user?: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: object };
}

function carries(message: Listed, key: string, botUser: string): boolean {
  if (message.user !== botUser || message.metadata?.event_type !== eventType) return false;
  return (message.metadata.event_payload as { key?: unknown } | undefined)?.key === key;
}

/** A thread is read to its end; of a channel, the newest 200 messages: a lost root is looked for soon after. */
function page(client: WebClient, { channel, threadTs }: Place, cursor: string | undefined) {
  const more = cursor === undefined ? {} : { cursor };
  if (threadTs === null)
    return callSlack('conversations.history', () => client.conversations.history({ channel, limit: 200, include_all_metadata: true }));
  return callSlack('conversations.replies', () =>
    client.conversations.replies({ channel, ts: threadTs, limit: 999, include_all_metadata: true, ...more }),
  );
}

async function find<T>(client: WebClient, place: Place, pick: (message: Listed) => T | undefined): Promise<T | null> {
  let cursor: string | undefined;
  try {
    do {
      const answer = await page(client, place, cursor);
      for (const message of (answer.messages ?? []) as Listed[]) {
        const found = pick(message);
        if (found !== undefined) return found;
      }
      cursor = place.threadTs === null ? undefined : answer.response_metadata?.next_cursor || undefined;
    } while (cursor !== undefined);
    return null;
  } catch (error) {
    if (error instanceof SlackRefused && (error.slackError === 'thread_not_found' || error.slackError === 'channel_not_found')) return null;
    throw error;
  }
}

/** The `ts` of our own message that carries `key`, or null. Metadata of anybody else's message does not count. */
export function findPosted(client: WebClient, botUser: string, place: Place, key: string): Promise<string | null> {
  return find(client, place, (message) => (carries(message, key, botUser) ? message.ts : undefined));
}

/** A file as a message of the place shares it, or null. */
export function findShared(client: WebClient, place: Place, file: string): Promise<{ readonly permalink: string | null } | null> {
  return find(client, place, ({ files = [] }) => {
    const shared = files.find(({ id }) => id === file);
    return shared === undefined ? undefined : { permalink: shared.permalink ?? null };
  });
}
