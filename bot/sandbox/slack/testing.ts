import { App, LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { startLocalSlack } from './server.ts';
import type { Json, LocalPerson, LocalSlack, LocalSlackOptions } from './types.ts';

/** Support for tests of this folder: a workspace with a few people, their hands, and a real Bolt app. */

export const people: readonly LocalPerson[] = [
  { id: 'U0ALICE', handle: 'alice', name: 'Alice Ahn', email: 'alice@shop.example' },
  { id: 'U0BOB', handle: 'bob', name: 'Bob Brandt', email: 'bob@shop.example' },
  { id: 'U0GUEST', handle: 'gil', name: 'Gil Guest', email: 'gil@agency.example', guest: true },
  { id: 'U0FRIDA', handle: 'frida', name: 'Frida Foreign', email: 'frida@partner.example', team: 'T0PARTNER' },
  { id: 'U0GONE', handle: 'gone', name: 'Gone Gustav', email: 'gone@shop.example', deactivated: true },
];

export const channels = [
  { id: 'C0INCIDENTS', name: 'incidents', topic: 'What is broken right now' },
  { id: 'C0PARTNER', name: 'partner-shop', topic: 'Shared with the partner', external: true },
];

export function startForTest(options: Partial<LocalSlackOptions> = {}): Promise<LocalSlack> {
  const log = pino({ level: 'silent' });
  return startLocalSlack({ host: '127.0.0.1', port: 0, dataFile: ':memory:', people, channels, log, ...options });
}

const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export function clientOf(slack: LocalSlack, token = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
}

/** A Bolt app in Socket Mode; the caller starts and stops it. */
export function boltApp(slack: LocalSlack): App {
  return new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logger: quiet,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
}

/** The answer of a person's request, whatever its status. */
export async function hand(slack: LocalSlack, path: string, body: Json): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${slack.url}/ui/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

export async function read(slack: LocalSlack, path: string): Promise<Json> {
  return (await (await fetch(`${slack.url}/ui/${path}`)).json()) as Json;
}

export async function messagesOf(slack: LocalSlack, channel: string, query = ''): Promise<Json[]> {
  return (await read(slack, `channels/${channel}/messages${query}`))['messages'] as Json[];
}

/** Waits until an event of the page's stream satisfies `wanted`. Open it before causing the event. */
export async function listen(
  slack: LocalSlack,
  user: string,
): Promise<{ next(wanted: (event: Json) => boolean): Promise<Json>; stop(): Promise<void> }> {
  const response = await fetch(`${slack.url}/ui/events?user=${user}`);
  const reader = (response.body as ReadableStream<Uint8Array>)
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let buffered = '';
  async function line(): Promise<string> {
    for (;;) {
      const end = buffered.indexOf('\n');
      if (end >= 0) {
        const found = buffered.slice(0, end);
        buffered = buffered.slice(end + 1);
        return found;
      }
      const { value, done } = await reader.read();
      if (done) throw new Error('the stream of events ended');
      buffered += value;
    }
  }
  await line();
  return {
    next: async (wanted) => {
      for (;;) {
        const text = await line();
        if (!text.startsWith('data: ')) continue;
        const event = JSON.parse(text.slice('data: '.length)) as Json;
        if (wanted(event)) return event;
      }
    },
    stop: () => reader.cancel(),
  };
}
