import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, hand, messagesOf, startForTest } from './testing.ts';
import type { Json, LocalSlack } from './types.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
beforeAll(async () => {
  slack = await startForTest({ unsupported: { methods: ['agents.sessions.setStatus'], blocks: ['plan'] } });
});
afterAll(() => slack.close());

/** The error data of a refused call. */
function refusal(call: Promise<unknown>): Promise<Json> {
  return call.then(
    () => ({ error: 'none' }),
    (error: { data?: Json }) => error.data ?? { error: String(error) },
  );
}

test('a call needs the right token', async () => {
  expect(await clientOf(slack).auth.test()).toMatchObject({
    ok: true,
    team_id: slack.team.id,
    user_id: slack.botUserId,
    bot_id: 'B0WATCHKEEPER',
  });
  expect(await refusal(clientOf(slack, 'xoxb-made-up').auth.test())).toMatchObject({ error: 'invalid_auth' });
  expect(await refusal(clientOf(slack, '').auth.test())).toMatchObject({ error: 'not_authed' });
});

test('unknown and switched-off methods answer unknown_method, unsupported blocks are refused', async () => {
  const client = clientOf(slack);
  expect(await refusal(client.apiCall('chat.shout', {}))).toMatchObject({ error: 'unknown_method' });
  expect(await refusal(client.apiCall('agents.sessions.setStatus', { status: 'active' }))).toMatchObject({ error: 'unknown_method' });
  const blocks = [{ type: 'plan', title: 'Rollback', tasks: [] }];
  expect(await refusal(client.apiCall('chat.postMessage', { channel, text: 'x', blocks }))).toMatchObject({
    error: 'invalid_blocks',
    response_metadata: { messages: ['[ERROR] unsupported type: plan [json-pointer:/blocks/0/type]'] },
  });
});

test('a rate limit comes with its Retry-After, an HTTP error without an answer, both without effect', async () => {
  const client = clientOf(slack);
  slack.faults.rateLimit('chat.postMessage', 1, 7);
  slack.faults.httpError('chat.postMessage', 1);
  await expect(client.chat.postMessage({ channel, text: 'limited' })).rejects.toMatchObject({ retryAfter: 7 });
  await expect(client.chat.postMessage({ channel, text: 'limited' })).rejects.toMatchObject({ statusCode: 500 });
  expect((await client.chat.postMessage({ channel, text: 'after both' })).ok).toBe(true);
  const texts = (await messagesOf(slack, channel)).map((message) => message['text']);
  expect(texts).not.toContain('limited');
  expect(
    slack
      .ledger()
      .slice(-3)
      .map((call) => call.outcome),
  ).toEqual(['ratelimited', 'http_500', 'ok']);
});

test('a call that hangs has taken effect', async () => {
  slack.faults.hangAfterSuccess('chat.postMessage', 1);
  const body = new URLSearchParams({ channel, text: 'posted without an answer' });
  const call = fetch(`${slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${slack.botToken}` },
    signal: AbortSignal.timeout(200),
  });
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
  expect((await messagesOf(slack, channel)).at(-1)?.['text']).toBe('posted without an answer');
});

test('the app cannot change the messages of others, nor find ephemeral ones', async () => {
  const client = clientOf(slack);
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text: 'mine' });
  const ts = String(body['ts']);
  expect(await refusal(client.chat.update({ channel, ts, text: 'yours' }))).toMatchObject({ error: 'cant_update_message' });
  expect(await refusal(client.chat.delete({ channel, ts }))).toMatchObject({ error: 'cant_delete_message' });
  const { message_ts } = await client.chat.postEphemeral({ channel, user: 'U0ALICE', text: 'psst' });
  expect(await refusal(client.chat.update({ channel, ts: String(message_ts), text: 'x' }))).toMatchObject({ error: 'message_not_found' });
});

test('wrong places and empty messages are refused by name', async () => {
  const client = clientOf(slack);
  expect(await refusal(client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' }))).toMatchObject({ error: 'channel_not_found' });
  expect(await refusal(client.chat.postMessage({ channel, text: 'x', thread_ts: '1.000001' }))).toMatchObject({
    error: 'thread_not_found',
  });
  expect(await refusal(client.apiCall('chat.postMessage', { channel }))).toMatchObject({ error: 'no_text' });
  expect(
    await refusal(
      client.views.open({ trigger_id: 'made-up', view: { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [] } }),
    ),
  ).toMatchObject({ error: 'invalid_trigger_id' });
});

test('text beyond 40,000 characters is cut, with a warning', async () => {
  const answer = await clientOf(slack).chat.postMessage({ channel, text: 'x'.repeat(40_001) });
  expect(answer).toMatchObject({ warning: 'message_truncated' });
  expect(String(answer.message?.text)).toHaveLength(40_000);
});

test('metadata is given back on request only, and unfurl flags are kept for tests', async () => {
  const client = clientOf(slack);
  const metadata = { event_type: 'incident', event_payload: { key: 'inc_1' } };
  const { ts } = await client.chat.postMessage({ channel, text: 'tagged', unfurl_links: false, metadata });
  const read = (include_all_metadata: boolean) =>
    client.conversations.history({ channel, latest: String(ts), inclusive: true, limit: 1, include_all_metadata });
  expect((await read(true)).messages?.[0]).toMatchObject({ metadata });
  expect((await read(false)).messages?.[0]).not.toHaveProperty('metadata');
  expect((await messagesOf(slack, channel)).at(-1)).toMatchObject({ flags: { unfurl_links: false } });
});

test('a thread of 5,000 messages is read page by page', async () => {
  const client = clientOf(slack);
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text: 'a long night' });
  const thread_ts = String(body['ts']);
  const post = (index: number) => client.chat.postMessage({ channel, thread_ts, text: `reply ${index}` });
  for (let from = 0; from < 5_000; from += 100) await Promise.all(Array.from({ length: 100 }, (_, index) => post(from + index)));
  const seen = new Set<string>();
  for await (const page of client.paginate('conversations.replies', { channel, ts: thread_ts, limit: 900 })) {
    for (const message of (page as { messages?: { ts: string }[] }).messages ?? []) seen.add(message.ts);
  }
  expect(seen.size).toBe(5_001);
  expect((await messagesOf(slack, channel)).at(-1)).toMatchObject({ ts: thread_ts, reply_count: 5_000 });
  expect(await messagesOf(slack, channel, `?thread_ts=${thread_ts}`)).toHaveLength(101);
}, 60_000);

test('a file is uploaded, shared into a thread, and served', async () => {
  const client = clientOf(slack);
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text: 'graph please' });
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const answer = (await client.files.uploadV2({
    channel_id: channel,
    thread_ts: String(body['ts']),
    file: png,
    filename: 'p95.png',
    alt_text: 'latency',
  })) as unknown as { files: { files: { id: string }[] }[] };
  const id = String(answer.files[0]?.files[0]?.id);
  expect(Buffer.from(await (await fetch(`${slack.url}/files/${id}`)).arrayBuffer())).toEqual(png);
  const blocks = [{ type: 'image', alt_text: 'latency', slack_file: { id } }];
  expect((await client.apiCall('chat.postMessage', { channel, text: 'graph', blocks })).ok).toBe(true);
});

test('people are found by id and address, with what sets them apart', async () => {
  const client = clientOf(slack);
  expect((await client.users.info({ user: 'U0GUEST' })).user).toMatchObject({ is_restricted: true, deleted: false });
  expect((await client.users.info({ user: 'U0FRIDA' })).user).toMatchObject({ team_id: 'T0PARTNER', is_stranger: true });
  expect((await client.users.info({ user: 'U0GONE' })).user).toMatchObject({ deleted: true });
  expect((await client.users.lookupByEmail({ email: 'bob@shop.example' })).user?.id).toBe('U0BOB');
  expect(await refusal(client.users.lookupByEmail({ email: 'nobody@shop.example' }))).toMatchObject({ error: 'users_not_found' });
  expect((await client.conversations.open({ users: 'U0BOB' })).channel?.id).toBe('D0BOB');
});

test('a Home view has a hash, and an old one is refused', async () => {
  const client = clientOf(slack);
  const view = { type: 'home' as const, blocks: [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'All quiet' } }] };
  const first = await client.views.publish({ user_id: 'U0ALICE', view });
  const hash = String(first.view?.hash);
  await client.views.publish({ user_id: 'U0ALICE', view, hash });
  expect(await refusal(client.views.publish({ user_id: 'U0ALICE', view, hash }))).toMatchObject({ error: 'hash_conflict' });
});

test('a page from elsewhere may not use the server', async () => {
  const foreign = await fetch(`${slack.url}/ui/state?user=alice`, { headers: { origin: 'https://evil.example' } });
  expect(foreign.status).toBe(403);
});
