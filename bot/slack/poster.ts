import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { MessageView } from '../../blocks/slack.ts';
import { callSlack } from './call.ts';
import { createChannelQueues } from './channel-queues.ts';
import { clamp } from './clamp.ts';
import { createDialect, type Rendering } from './dialect.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import { eventType, findPosted, type Place } from './find-posted.ts';
import { createIdentity } from './identity.ts';
import type { SlackPost, SlackPosts } from './posts.ts';
import { redactLeaves } from './redact-leaves.ts';

export interface PosterOptions {
  readonly client: WebClient;
  readonly posts: SlackPosts;
  readonly redact: (text: string) => string;
  readonly log: Logger;
}

/** Every message of the product goes through here. Throws SlackRefused and SlackUnavailable; after either, a repeated call is safe. */
export interface Poster {
  /** Posts once per key; a repeated call changes nothing. */
  once(key: string, place: Place, rendering: Rendering): Promise<SlackPost>;
  /** Posts, or brings up to date what the key stands for. */
  upsert(key: string, place: Place, rendering: Rendering): Promise<SlackPost>;
}

/** The message is gone or not ours any more: a new one takes its place. */
const lost = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

function hashOf(view: MessageView): string {
  return createHash('sha256').update(JSON.stringify(view)).digest('hex');
}

export function createPoster({ client, posts, redact, log }: PosterOptions): Poster {
  const queues = createChannelQueues();
  const dialect = createDialect();
  const identity = createIdentity(client);

  function content(view: MessageView, key: string) {
    const safe = clamp(redactLeaves(view, redact));
    return { text: safe.text, blocks: [...safe.blocks], metadata: { event_type: eventType, event_payload: { key } } };
  }

  async function search(key: string, place: Place): Promise<SlackPost | null> {
    const { botUser } = await identity();
    const ts = await findPosted(client, botUser, place, key);
    return ts === null ? null : { channel: place.channel, ts, hash: '' };
  }

  async function send(key: string, place: Place, view: MessageView): Promise<SlackPost> {
    const thread = place.threadTs === null ? {} : { thread_ts: place.threadTs };
    try {
      const answer = await callSlack('chat.postMessage', () =>
        client.chat.postMessage({ channel: place.channel, ...thread, ...content(view, key), unfurl_links: false, unfurl_media: false }),
      );
      return { channel: answer.channel ?? place.channel, ts: answer.ts ?? '', hash: hashOf(view) };
    } catch (error) {
      if (!(error instanceof SlackUnavailable)) throw error;
      const arrived = await search(key, place).catch(() => null);
      if (arrived === null) throw error;
      log.info({ key }, 'slack message had arrived although its answer was lost');
      return arrived;
    }
  }

  async function post(key: string, place: Place, rendering: Rendering): Promise<SlackPost> {
    await posts.save(key, { channel: place.channel, ts: '', hash: '' });
    const posted = await dialect.send(rendering, (view) => send(key, place, view));
    await posts.save(key, posted);
    return posted;
  }

  async function update(key: string, place: Place, stored: SlackPost, rendering: Rendering): Promise<SlackPost> {
    const write = async (view: MessageView): Promise<SlackPost> => {
      const hash = hashOf(view);
      if (hash === stored.hash) return stored;
      await callSlack('chat.update', () => client.chat.update({ channel: stored.channel, ts: stored.ts, ...content(view, key) }));
      return { ...stored, hash };
    };
    try {
      const updated = await dialect.send(rendering, write);
      if (updated !== stored) await posts.save(key, updated);
      return updated;
    } catch (error) {
      if (!(error instanceof SlackRefused) || !lost.has(error.slackError)) throw error;
      log.warn({ key, slackError: error.slackError }, 'slack message cannot be updated, posting it anew');
      return post(key, place, rendering);
    }
  }

  /** What stands for the key already; a first attempt whose result was never learnt is looked for in Slack. */
  async function existing(key: string, place: Place): Promise<SlackPost | null> {
    const stored = await posts.find(key);
    if (stored === null || stored.ts !== '') return stored;
    const found = await search(key, place);
    if (found !== null) await posts.save(key, found);
    return found;
  }

  return {
    once: (key, place, rendering) => queues.add(place.channel, async () => (await existing(key, place)) ?? post(key, place, rendering)),
    upsert: (key, place, rendering) =>
      queues.add(place.channel, async () => {
        const stored = await existing(key, place);
        return stored === null ? post(key, place, rendering) : update(key, place, stored, rendering);
      }),
  };
}
