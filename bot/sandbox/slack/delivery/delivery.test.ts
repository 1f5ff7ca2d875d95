import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { afterEach, expect, test } from 'vitest';
import { boltApp, hand, messagesOf, startForTest } from '../testing.ts';
import type { Json, LocalSlack } from '../types.ts';

const channel = 'C0INCIDENTS';
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(options: Parameters<typeof startForTest>[0] = {}): Promise<LocalSlack> {
  const slack = await startForTest({ timing: { ack: 150, retries: [20, 40, 60] }, ...options });
  cleanups.push(() => slack.close());
  return slack;
}

interface Delivery {
  readonly body: Json;
  readonly retry_num: number;
  readonly retry_reason: string;
  ack(): Promise<void>;
}

function socketClient(slack: LocalSlack, onMention: (delivery: Delivery) => void): SocketModeClient {
  const client = new SocketModeClient({ appToken: slack.appToken, clientPingTimeout: 500, clientOptions: { slackApiUrl: slack.apiUrl } });
  client.on('app_mention', onMention);
  client.on('message', (delivery: Delivery) => void delivery.ack());
  cleanups.push(() => client.disconnect());
  return client;
}

const say = (slack: LocalSlack) => hand(slack, 'messages', { user: 'alice', channel, text: '@watchkeeper hi' });

test('an event without acknowledgement is sent four times, then given up', async () => {
  const slack = await start();
  const seen: Delivery[] = [];
  const done = Promise.withResolvers<void>();
  const client = socketClient(slack, (delivery) => {
    seen.push(delivery);
    if (seen.length === 4) done.resolve();
  });
  await client.start();
  await say(slack);
  await done.promise;
  expect(seen.map((delivery) => [delivery.retry_num, delivery.retry_reason])).toEqual([
    [0, ''],
    [1, 'timeout'],
    [2, 'timeout'],
    [3, 'timeout'],
  ]);
  expect(new Set(seen.map((delivery) => delivery.body['event_id'])).size).toBe(1);
});

test('an acknowledged retry is the last delivery', async () => {
  const slack = await start();
  const seen: Delivery[] = [];
  const done = Promise.withResolvers<void>();
  const client = socketClient(slack, (delivery) => {
    seen.push(delivery);
    if (seen.length < 2) return;
    void delivery.ack().then(done.resolve);
  });
  await client.start();
  await say(slack);
  await done.promise;
  // A later event is delivered, so a third delivery of the first would have come by then.
  await say(slack);
  await expect.poll(() => seen.length).toBeGreaterThanOrEqual(3);
  expect(seen.filter((delivery) => delivery.body['event_id'] === seen[0]?.body['event_id'])).toHaveLength(2);
});

test('what was written while no app was there, and before a restart, is delivered as a retry', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-slack-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const dataFile = join(folder, 'slack.sqlite');
  const first = await startForTest({ dataFile });
  await say(first);
  await first.close();

  const second = await start({ dataFile });
  const got = Promise.withResolvers<Delivery>();
  const client = socketClient(second, (delivery) => void delivery.ack().then(() => got.resolve(delivery)));
  await client.start();
  expect(await got.promise).toMatchObject({ retry_num: 1, retry_reason: 'connection_failed', body: { event: { type: 'app_mention' } } });
  expect([second.botToken, second.appToken]).toEqual([first.botToken, first.appToken]);
  expect((await messagesOf(second, channel)).map((message) => message['text'])).toEqual([`<@${second.botUserId}> hi`]);
});

test('a click without acknowledgement is not repeated and tells the person', async () => {
  const slack = await start();
  const interactions: unknown[] = [];
  const client = socketClient(slack, () => undefined);
  client.on('interactive', (delivery) => interactions.push(delivery));
  await client.start();
  const { status, body } = await hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' });
  expect([status, body['message']]).toEqual([504, 'Watchkeeper did not answer within 0.15 seconds.']);
  expect(interactions).toHaveLength(1);
});

test('without an app a click says so', async () => {
  const slack = await start();
  const { status, body } = await hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' });
  expect([status, body['message']]).toEqual([503, 'Watchkeeper is not connected to this workspace right now. Nothing happened.']);
});

test('a client that is asked to reconnect comes back and misses nothing', async () => {
  const slack = await start();
  const got = Promise.withResolvers<Delivery>();
  const client = socketClient(slack, (delivery) => void delivery.ack().then(() => got.resolve(delivery)));
  await client.start();
  const again = new Promise<void>((resolve) => client.once('connected', () => resolve()));
  slack.faults.disconnectSockets();
  await say(slack);
  await again;
  expect((await got.promise).body['event']).toMatchObject({ type: 'app_mention' });
});

test('the app token opens connections, the bot token does not, and a ticket is good once', async () => {
  const slack = await start();
  const open = async (token: string) =>
    (await (
      await fetch(`${slack.apiUrl}apps.connections.open`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })
    ).json()) as Json;
  expect(await open(slack.botToken)).toMatchObject({ ok: false, error: 'not_allowed_token_type' });
  const { url } = await open(slack.appToken);
  const connect = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(String(url));
      socket.addEventListener('message', ({ data }) => {
        resolve(String((JSON.parse(String(data)) as Json)['type']));
        socket.close();
      });
      socket.addEventListener('error', () => resolve('refused'));
    });
  expect([await connect(), await connect()]).toEqual(['hello', 'refused']);
});

test('the other transport: signed HTTP requests, which Bolt verifies', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-slack-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const dataFile = join(folder, 'slack.sqlite');
  const first = await startForTest({ dataFile });
  await first.close();

  const logger = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: () => {},
    setLevel: () => {},
    getLevel: () => LogLevel.ERROR,
    setName: () => {},
  };
  const authorize = async () => ({ botToken: first.botToken, botUserId: first.botUserId, botId: 'B0' });
  const app = new App({ authorize, signingSecret: first.signingSecret, socketMode: false, logger });
  const mentioned = Promise.withResolvers<string>();
  app.event('app_mention', async ({ event }) => mentioned.resolve(event.text));
  app.shortcut('new_investigation', async ({ ack }) => ack());
  const port = ((await app.start(0)).address() as AddressInfo).port;
  cleanups.push(async () => void (await app.stop()));

  const requestUrl = `http://127.0.0.1:${port}/slack/events`;
  const slack = await start({ dataFile, requestUrl, timing: { ack: 3_000 } });
  await say(slack);
  expect(await mentioned.promise).toBe(`<@${slack.botUserId}> hi`);
  expect((await hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' })).status).toBe(200);
  const stranger = await start({ requestUrl });
  expect((await hand(stranger, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' })).body['message']).toBe(
    'Watchkeeper answered with an error.',
  );
});

test('a Bolt app in Socket Mode starts and stops', async () => {
  const slack = await start();
  const app = boltApp(slack);
  await app.start();
  await app.stop();
  expect(slack.ledger().map((call) => call.method)).toContain('apps.connections.open');
});
