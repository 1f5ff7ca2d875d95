import type { App, types } from '@slack/bolt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boltApp, clientOf, hand, listen, messagesOf, startForTest } from './testing.ts';
import type { Json, LocalSlack } from './types.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let app: App;

const approve = { type: 'button', action_id: 'plan.approve', text: { type: 'plain_text', text: 'Approve' }, value: 'plan_1:hash' } as const;
const reasonModal: types.ModalView = {
  type: 'modal',
  callback_id: 'plan.reason',
  private_metadata: 'plan_1',
  title: { type: 'plain_text', text: 'Reject plan' },
  submit: { type: 'plain_text', text: 'Reject' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Why?' },
      element: { type: 'plain_text_input', action_id: 'value' },
    },
  ],
};

beforeAll(async () => {
  slack = await startForTest();
  app = boltApp(slack);
  app.event('app_mention', async ({ event, say }) => {
    const blocks = [
      { type: 'section' as const, text: { type: 'mrkdwn' as const, text: `Hello <@${event.user}>` } },
      { type: 'actions' as const, block_id: 'vote_1', elements: [approve] },
    ];
    await say({ text: 'Hello', thread_ts: event.thread_ts ?? event.ts, blocks });
  });
  app.action('plan.approve', async ({ ack, body, client, action }) => {
    await ack();
    if (body.type !== 'block_actions' || body.message === undefined) throw new Error('not a click on a message');
    const blocks = [
      {
        type: 'context' as const,
        elements: [{ type: 'mrkdwn' as const, text: `Approved by <@${body.user.id}>: ${'value' in action ? action.value : ''}` }],
      },
    ];
    await client.chat.update({ channel: String(body.channel?.id), ts: String(body.message['ts']), text: 'Approved', blocks });
  });
  app.shortcut('new_investigation', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({ trigger_id: body.trigger_id, view: reasonModal });
  });
  app.view('plan.reason', async ({ ack, view }) => {
    const reason = view.state.values['reason']?.['value']?.value ?? '';
    if (reason.length < 5) return ack({ response_action: 'errors', errors: { reason: 'Say a little more' } });
    return ack();
  });
  app.command('/watchkeeper', async ({ ack, command, respond }) => {
    await ack();
    await respond({ text: `you said ${command.text}`, response_type: 'ephemeral' });
  });
  app.message('direct', async ({ message, say }) => {
    if (message.channel_type === 'im') await say({ text: 'In private', thread_ts: message.ts });
  });
  await app.start();
});
afterAll(async () => {
  await app.stop();
  await slack.close();
});

async function mention(text = '@watchkeeper checkout is slow'): Promise<{ root: string; reply: Json }> {
  const events = await listen(slack, 'bob');
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text });
  const found = await events.next(
    (event) => event['type'] === 'message' && event['thread_ts'] === body['ts'] && event['ts'] !== body['ts'],
  );
  await events.stop();
  const [, reply] = await messagesOf(slack, channel, `?thread_ts=${String(body['ts'])}`);
  expect(reply?.['ts']).toBe(found['ts']);
  return { root: String(body['ts']), reply: reply as Json };
}

test('a mention reaches the app, whose reply appears in the thread', async () => {
  const { root, reply } = await mention();
  expect(reply).toMatchObject({ user: slack.botUserId, thread_ts: root, text: 'Hello' });
  const [first] = (await messagesOf(slack, channel)).slice(-1);
  expect(first).toMatchObject({ text: `<@${slack.botUserId}> checkout is slow`, reply_count: 1 });
});

test('a click is acknowledged and the message is updated in place', async () => {
  const { root, reply } = await mention();
  const events = await listen(slack, 'bob');
  const click = { user: 'bob', channel, ts: reply['ts'], action_id: 'plan.approve', block_id: 'vote_1' };
  expect((await hand(slack, 'actions', click)).status).toBe(200);
  await events.next((event) => event['type'] === 'message_changed' && event['ts'] === reply['ts']);
  await events.stop();
  const [, updated] = await messagesOf(slack, channel, `?thread_ts=${root}`);
  expect(JSON.stringify(updated?.['blocks'])).toContain('Approved by <@U0BOB>: plan_1:hash');
  const again = await hand(slack, 'actions', click);
  expect(again).toMatchObject({ status: 400, body: { message: 'There is no plan.approve here any more.' } });
});

test('a stale click arrives with the value of the old button', async () => {
  const { root, reply } = await mention();
  const events = await listen(slack, 'bob');
  await hand(slack, 'actions', { user: 'bob', channel, ts: reply['ts'], action_id: 'plan.approve', stale: true, value: 'plan_0:old' });
  await events.next((event) => event['type'] === 'message_changed' && event['ts'] === reply['ts']);
  await events.stop();
  expect(JSON.stringify((await messagesOf(slack, channel, `?thread_ts=${root}`)).at(-1))).toContain('plan_0:old');
});

test('a modal opens, shows errors, and closes when it is right', async () => {
  const events = await listen(slack, 'alice');
  await hand(slack, 'shortcuts', { user: 'alice', callback_id: 'new_investigation' });
  const opened = (await events.next((event) => event['type'] === 'view_opened'))['view'] as Json;
  const submit = (value: string) => hand(slack, `views/${String(opened['id'])}/submit`, { user: 'alice', values: { reason: { value } } });
  expect((await submit('')).body).toEqual({ outcome: 'errors', errors: { reason: 'Please complete this required field.' } });
  expect((await submit('no')).body).toEqual({ outcome: 'errors', errors: { reason: 'Say a little more' } });
  expect((await submit('it is the wrong revision')).body).toEqual({ outcome: 'closed' });
  await events.next((event) => event['type'] === 'view_closed');
  await events.stop();
});

test('a slash command is answered for its user alone', async () => {
  const events = await listen(slack, 'alice');
  await hand(slack, 'commands', { user: 'alice', channel, command: '/watchkeeper', text: 'status' });
  await events.next((event) => event['type'] === 'ephemeral');
  await events.stop();
  expect((await messagesOf(slack, channel, '?user=alice')).at(-1)).toMatchObject({ text: 'you said status', is_ephemeral: true });
  expect((await messagesOf(slack, channel, '?user=bob')).at(-1)).not.toMatchObject({ text: 'you said status' });
});

test('a direct message is a conversation of its own', async () => {
  const events = await listen(slack, 'alice');
  const { body } = await hand(slack, 'messages', { user: 'alice', channel: 'D0ALICE', text: 'direct question' });
  await events.next((event) => event['type'] === 'message' && event['thread_ts'] === body['ts'] && event['ts'] !== body['ts']);
  await events.stop();
  expect((await hand(slack, 'messages', { user: 'bob', channel: 'D0ALICE', text: 'let me in' })).status).toBe(404);
});

test('somebody of another team reaches shared channels only, and nobody deactivated acts', async () => {
  expect((await hand(slack, 'messages', { user: 'frida', channel, text: 'hello' })).status).toBe(404);
  expect((await hand(slack, 'messages', { user: 'frida', channel: 'C0PARTNER', text: 'hello' })).body).toMatchObject({ team: 'T0PARTNER' });
  expect((await hand(slack, 'messages', { user: 'gone', channel, text: 'hello' })).status).toBe(403);
});

test('an ephemeral message in a thread without replies is shown to nobody, as in Slack', async () => {
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text: 'a lonely message' });
  const thread_ts = String(body['ts']);
  const client = clientOf(slack);
  const tell = (text: string) => client.chat.postEphemeral({ channel, user: 'U0ALICE', thread_ts, text });
  const seen = async () => (await messagesOf(slack, channel, `?user=alice&thread_ts=${thread_ts}`)).map((message) => message['text']);
  expect((await tell('lost')).ok).toBe(true);
  await client.chat.postMessage({ channel, thread_ts, text: 'a reply' });
  await tell('seen');
  expect(await seen()).toEqual(['a lonely message', 'a reply', 'seen']);
});
