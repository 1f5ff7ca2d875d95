import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { startForTest } from '../sandbox/slack/testing.ts';
import { eventType, findPosted, type Place } from './find-posted.ts';
import { calls, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let place: Place;
let posted: string | undefined;

beforeAll(async () => {
  slack = await startForTest();
  const client = testClient(slack);
  const root = await client.chat.postMessage({ channel, text: 'root' });
  place = { channel, threadTs: root.ts ?? '' };
  for (let sent = 0; sent < 1000; sent += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => client.chat.postMessage({ channel, thread_ts: root.ts ?? '', text: `noise ${sent + at}` })),
    );
  }
  const metadata = { event_type: eventType, event_payload: { key: 'k' } };
  posted = (await client.chat.postMessage({ channel, thread_ts: root.ts ?? '', text: 'ours', metadata })).ts;
});
afterAll(() => slack.close());

test('a message is found behind a thousand others', async () => {
  expect(await findPosted(testClient(slack), slack.botUserId, place, 'k')).toBe(posted);
  expect(calls(slack, 'conversations.replies').length).toBeGreaterThan(1);
});

test('another key is not found', async () => {
  expect(await findPosted(testClient(slack), slack.botUserId, place, 'other')).toBeNull();
});

test('somebody else’s message with our metadata does not count', async () => {
  expect(await findPosted(testClient(slack), 'U0SOMEBODY', place, 'k')).toBeNull();
});

test('a thread that is gone holds nothing', async () => {
  expect(await findPosted(testClient(slack), slack.botUserId, { channel, threadTs: '1.000001' }, 'k')).toBeNull();
});
