import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, startForTest } from '../sandbox/slack/testing.ts';
import { SlackStartFailed } from './app.ts';
import { channel, type World, worldOf } from './testing.ts';

let slack: LocalSlack;
let server: Server;
let world: World;
let url: string;

beforeEach(async () => {
  server = createServer((request, response) => world.app.listener?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  slack = await startForTest({ requestUrl: url, timing: { retries: [20, 20, 20] } });
  world = worldOf(slack, { app: undefined, signingSecret: slack.signingSecret });
  await world.app.start();
});
afterEach(async () => {
  await world.app.stop();
  await slack.close();
  server.close();
});

function envelope(event: object = {}): string {
  const said = { type: 'app_mention', user: 'U0ALICE', team: slack.team.id, channel, ts: '1.1', text: 'checkout is slow', ...event };
  return JSON.stringify({ type: 'event_callback', event_id: 'Ev0TEST', team_id: slack.team.id, event: said });
}

interface Delivery {
  readonly body?: string;
  readonly seconds?: number;
  readonly secret?: string;
  readonly headers?: Record<string, string>;
}

function send({ body = envelope(), seconds = 0, secret = slack.signingSecret, headers = {} }: Delivery): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000) + seconds);
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const signed = { 'content-type': 'application/json', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  return fetch(url, { method: 'POST', headers: { ...signed, ...headers }, body });
}

test('over HTTP a mention is answered after it was stored', async () => {
  const arriving = world.received.next();
  await hand(slack, 'messages', { user: 'alice', channel, text: '@watchkeeper checkout is slow' });
  expect(await arriving).toMatchObject({ kind: 'slack.mention', text: 'checkout is slow' });
});

test('a store that is away gives 500, so that Slack sends the event again', async () => {
  world.state.intake = new Error('the store is away');
  const first = world.received.next();
  await hand(slack, 'messages', { user: 'alice', channel, text: '@watchkeeper checkout is slow' });
  const failed = await first;
  const second = world.received.next();
  world.state.intake = null;
  expect(await second).toEqual(failed);
});

test.each([
  ['an old timestamp', -600],
  ['a future timestamp', 600],
])('%s is refused, whatever its signature', async (_, seconds) => {
  expect((await send({ seconds })).status).toBe(401);
  expect(world.received.all).toEqual([]);
});

test('a wrong signature is refused', async () => {
  expect((await send({ secret: 'wrong' })).status).toBe(401);
  expect(world.received.all).toEqual([]);
});

test('an event whose first delivery is a retry is handled', async () => {
  expect((await send({ headers: { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' } })).status).toBe(200);
  expect(world.received.all).toMatchObject([{ dedupeKey: 'Ev0TEST', text: 'checkout is slow' }]);
});

test.each([
  ['a bot', { bot_id: 'B1' }],
  ['ourselves', () => ({ user: slack.botUserId })],
  ['an edit', { edited: { user: 'U0ALICE', ts: '2.1' } }],
  ['a deletion in a direct message', { type: 'message', channel_type: 'im', subtype: 'message_deleted' }],
  ['a message in a channel that mentions nobody', { type: 'message', channel_type: 'channel' }],
])('%s starts nothing', async (_, event) => {
  expect((await send({ body: envelope(typeof event === 'function' ? event() : event) })).status).toBe(200);
  expect(world.received.all).toEqual([]);
});

test('a wrong bot token stops the start with Slack’s word for it', async () => {
  const refused = worldOf(slack, { bot: 'xoxb-wrong', app: undefined, signingSecret: slack.signingSecret });
  await expect(refused.app.start()).rejects.toThrow(SlackStartFailed);
  await expect(refused.app.start()).rejects.toThrow('SLACK_BOT_TOKEN was not accepted: Slack refused auth.test: invalid_auth');
});
