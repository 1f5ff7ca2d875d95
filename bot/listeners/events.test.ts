import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, listen, messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { channel, told, type World, worldOf } from './testing.ts';

let slack: LocalSlack;
let world: World;

beforeEach(async () => {
  slack = await startForTest({ timing: { ack: 300, retries: [20, 20, 20] } });
  world = worldOf(slack);
  await world.app.start();
});
afterEach(async () => {
  await world.app.stop();
  await slack.close();
});

const write = (user: string, text: string, where = channel) => hand(slack, 'messages', { user, channel: where, text });

test('a mention goes to intake with its text as typed, keyed by its event', async () => {
  const arriving = world.received.next();
  const { body } = await write('alice', '@watchkeeper checkout is slow since <5 min & worse');
  expect(await arriving).toEqual({
    kind: 'slack.mention',
    dedupeKey: expect.stringMatching(/^Ev/),
    origin: { team: slack.team.id, channel, user: 'U0ALICE', ts: body['ts'], threadTs: null },
    text: 'checkout is slow since <5 min & worse',
    direct: false,
  });
});

test('a direct message needs no mention', async () => {
  const arriving = world.received.next();
  await write('alice', 'checkout is slow', 'D0ALICE');
  expect(await arriving).toMatchObject({ kind: 'slack.mention', text: 'checkout is slow', direct: true });
});

test('an event that could not be stored is not acknowledged, and the retry is handled', async () => {
  world.state.intake = new Error('the store is away');
  const first = world.received.next();
  await write('alice', '@watchkeeper checkout is slow');
  const failed = await first;
  const second = world.received.next();
  world.state.intake = null;
  expect(await second).toEqual(failed);
});

test.each([
  ['@watchkeeper', channel],
  ['@watchkeeper Thanks! :tada:', channel],
  ['help?', 'D0ALICE'],
])('%j gets help in the thread, and starts nothing', async (text, where) => {
  const events = await listen(slack, 'alice');
  const { body } = await write('alice', text, where);
  await events.next((event) => event['type'] === 'message' && event['thread_ts'] === body['ts'] && event['ts'] !== body['ts']);
  await events.stop();
  const thread = await messagesOf(slack, where, `?thread_ts=${String(body['ts'])}`);
  expect(thread.at(-1)?.['text']).toContain('/watchkeeper help');
  expect(world.received.all).toEqual([]);
});

test('somebody of another workspace is refused where they wrote, and it is audited', async () => {
  const answer = await told(slack, 'frida', 'C0PARTNER', () => write('frida', '@watchkeeper delete everything', 'C0PARTNER'));
  expect(answer['text']).toContain('another workspace');
  expect(world.refused.all).toEqual([
    { who: expect.objectContaining({ team: 'T0PARTNER', user: 'U0FRIDA' }), what: 'mention', code: 'foreign' },
  ]);
  expect(world.received.all).toEqual([]);
});

test('a guest is refused', async () => {
  const answer = await told(slack, 'gil', channel, () => write('gil', '@watchkeeper checkout is slow'));
  expect(answer['text']).toContain('Guests');
  expect(world.received.all).toEqual([]);
});

test('opening the home tab shows what waits', async () => {
  const events = await listen(slack, 'alice');
  await hand(slack, 'home', { user: 'alice', tab: 'home' });
  await events.next((event) => event['type'] === 'home_published' || event['type'] === 'home');
  await events.stop();
  expect(JSON.stringify(slack.ledger().find((entry) => entry.method === 'views.publish')?.arguments)).toContain(
    'Return checkout to the revision that worked',
  );
});

test('a vote on the home tab is kept as such, answered by a direct message, and the tab drawn anew', async () => {
  const events = await listen(slack, 'alice');
  await hand(slack, 'home', { user: 'alice', tab: 'home' });
  await events.next((event) => event['type'] === 'home_published' || event['type'] === 'home');
  const page = await (await fetch(`${slack.url}/page/home?as=alice`)).text();
  const view_id = /data-view-id="([^"]+)"/.exec(page)?.[1];
  const voting = world.votes.next();
  await hand(slack, 'actions', { user: 'alice', view_id, action_id: 'plan.approve' });
  expect(await voting).toMatchObject({ verdict: 'approve', place: 'home' });
  await events.next((event) => event['type'] === 'message' && event['channel'] === 'D0ALICE');
  await events.stop();
  expect((await messagesOf(slack, 'D0ALICE')).at(-1)?.['text']).toContain('Your vote is recorded');
  expect(slack.ledger().filter(({ method }) => method === 'views.publish')).toHaveLength(2);
});
