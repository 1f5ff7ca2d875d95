import { afterEach, beforeEach, expect, test } from 'vitest';
import { shown } from '../../blocks/testing.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { hand, messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { channel, opened, submit, told, type World, worldOf } from './testing.ts';

let slack: LocalSlack;
let world: World;

beforeEach(async () => {
  slack = await startForTest();
  world = worldOf(slack);
  await world.app.start();
});
afterEach(async () => {
  await world.app.stop();
  await slack.close();
});

const command = (user: string, text: string, where = channel) =>
  told(slack, user, where, () => hand(slack, 'commands', { user, channel: where, command: '/watchkeeper', text }));

test.each([
  ['', 'Tell me what is wrong'],
  ['help', 'Tell me what is wrong'],
  ['status', '1 open incident'],
  ['approvals', '1 plan waiting'],
  ['incident inc-1', 'Incident inc-1'],
  ['incident nope', 'There is no incident nope.'],
  ['ask', 'Say what is wrong'],
  ['dance', 'I do not know "dance"'],
])('/watchkeeper %s answers the asker: %s', async (text, expected) => {
  expect((await command('alice', text))['text']).toContain(expected);
});

test('/watchkeeper ask starts an investigation in a new thread of the channel', async () => {
  await command('alice', 'ask checkout   is slow');
  const root = (await messagesOf(slack, channel)).find((message) => message['text'] === 'checkout is slow');
  expect(world.received.all).toEqual([
    {
      kind: 'slack.investigate',
      dedupeKey: expect.stringContaining('ask:'),
      origin: { team: slack.team.id, channel, user: 'U0ALICE', ts: root?.['ts'], threadTs: null },
      text: 'checkout   is slow',
    },
  ]);
});

test('a command of a guest is refused', async () => {
  expect((await command('gil', 'status'))['text']).toContain('Guests');
});

test('the message shortcut starts from that message, in its thread', async () => {
  const { body } = await hand(slack, 'messages', { user: 'bob', channel, text: 'checkout <b>burns</b>' });
  await told(slack, 'alice', channel, () =>
    hand(slack, 'shortcuts', { user: 'alice', callback_id: 'investigate_message', channel, ts: body['ts'] }),
  );
  expect(world.received.all).toMatchObject([
    { kind: 'slack.investigate', origin: { channel, user: 'U0ALICE', ts: body['ts'] }, text: 'checkout <b>burns</b>' },
  ]);
});

test('the list of waiting plans has buttons, whose votes count as cast elsewhere, or in a direct message', async () => {
  for (const [where, place] of [
    [channel, 'elsewhere'],
    ['D0ALICE', 'direct'],
  ] as const) {
    const list = await command('alice', 'approvals', where);
    const voting = world.votes.next();
    const click = { user: 'alice', channel: where, ts: list['ts'], action_id: 'plan.approve' };
    const answer = await told(slack, 'alice', where, () => hand(slack, 'actions', click));
    expect(await voting).toMatchObject({ planId: shown.plan.id, requestHash: shown.requestHash, verdict: 'approve', place });
    expect(answer['text']).toContain('Your vote is recorded');
  }
});

test('the list offers no answer that would not count', async () => {
  world.state.choices = [];
  const list = JSON.stringify((await command('bob', 'approvals'))['blocks']);
  expect(list).toContain('plan.details');
  expect(list).not.toContain('plan.approve');
});

test.each([
  [
    '/watchkeeper ask',
    () => hand(slack, 'commands', { user: 'alice', channel: 'C0PARTNER', command: '/watchkeeper', text: 'ask checkout is slow' }),
  ],
  [
    'the message shortcut',
    async () => {
      const { body } = await hand(slack, 'messages', { user: 'alice', channel: 'C0PARTNER', text: 'checkout is slow' });
      return hand(slack, 'shortcuts', { user: 'alice', callback_id: 'investigate_message', channel: 'C0PARTNER', ts: body['ts'] });
    },
  ],
])('%s starts nothing in a channel that is shared with another workspace', async (_, act) => {
  expect((await told(slack, 'alice', 'C0PARTNER', act))['text']).toContain('shared with another workspace');
  expect(world.received.all).toEqual([]);
  expect(world.refused.all).toMatchObject([{ code: 'shared_channel' }]);
});

test('the global shortcut asks in a modal and starts in a direct message', async () => {
  const view = await opened(slack, 'alice', () => hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' }));
  const arriving = world.received.next();
  expect((await submit(slack, 'alice', view, { text: { value: 'payments time out' } })).body).toEqual({ outcome: 'closed' });
  expect(await arriving).toMatchObject({
    kind: 'slack.investigate',
    origin: { channel: 'D0ALICE', user: 'U0ALICE' },
    text: 'payments time out',
  });
});

test('a modal whose request could not be stored stays open and says so', async () => {
  const view = await opened(slack, 'alice', () => hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' }));
  world.state.intake = new Error('the store is away');
  expect((await submit(slack, 'alice', view, { text: { value: 'payments time out' } })).body).toMatchObject({
    outcome: 'errors',
    errors: { text: expect.stringContaining('try again') },
  });
});

test('a wrong app token stops the start', async () => {
  const refused = worldOf(slack, { app: 'xapp-wrong' });
  await expect(refused.app.start()).rejects.toThrow('SLACK_APP_TOKEN was not accepted');
});
