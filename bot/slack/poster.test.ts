import { afterEach, beforeEach, expect, test } from 'vitest';
import { notice } from '../../blocks/notice.ts';
import { progressPlan } from '../../blocks/progress-plan.ts';
import { progressSections } from '../../blocks/progress-sections.ts';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import { calls, memoryPosts, posterOf, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let root: string;

beforeEach(async () => {
  slack = await startForTest();
  root = (await testClient(slack).chat.postMessage({ channel, text: 'root' })).ts ?? '';
});
afterEach(() => slack.close());

const place = () => ({ channel, threadTs: root });
/** Gives up on a lost answer soon, not on a slow machine. */
const impatient = () => testClient(slack, 1500);
const say = (text: string) => ({ view: notice(text) });
const replies = async () => (await messagesOf(slack, channel, `?thread_ts=${root}`)).slice(1);

test('a repeated call posts nothing new', async () => {
  const poster = posterOf(slack);
  const first = await poster.once('k', place(), say('one'));
  expect(await poster.once('k', place(), say('two'))).toEqual(first);
  expect((await replies()).map((message) => message['text'])).toEqual(['one']);
});

test('upsert changes the message in place, and an unchanged one is not sent', async () => {
  const poster = posterOf(slack);
  await poster.upsert('k', place(), say('one'));
  await poster.upsert('k', place(), say('two'));
  await poster.upsert('k', place(), say('two'));
  expect((await replies()).map((message) => message['text'])).toEqual(['two']);
  expect(calls(slack, 'chat.update')).toHaveLength(1);
});

test('a message whose answer was lost is found and not posted twice', async () => {
  const posts = memoryPosts();
  slack.faults.hangAfterSuccess('chat.postMessage', 1);
  const posted = await posterOf(slack, posts, impatient()).once('k', place(), say('one'));
  expect(await replies()).toHaveLength(1);
  expect(posts.entries.get('k')?.ts).toBe(posted.ts);
});

test('after a crash between posting and storing, another process finds the message', async () => {
  const posts = memoryPosts();
  const posted = await posterOf(slack, posts).once('k', place(), say('one'));
  posts.entries.set('k', { channel, ts: '', hash: '' });
  expect((await posterOf(slack, posts).once('k', place(), say('one'))).ts).toBe(posted.ts);
  expect(await replies()).toHaveLength(1);
});

test('a root message whose answer was lost is found in the channel', async () => {
  slack.faults.hangAfterSuccess('chat.postMessage', 1);
  await posterOf(slack, memoryPosts(), impatient()).once('k', { channel, threadTs: null }, say('new thread'));
  expect((await messagesOf(slack, channel)).filter((message) => message['text'] === 'new thread')).toHaveLength(1);
});

test('when nothing arrived the caller hears so, and the next call posts', async () => {
  const posts = memoryPosts();
  const poster = posterOf(slack, posts);
  slack.faults.httpError('chat.postMessage', 1);
  await expect(poster.once('k', place(), say('one'))).rejects.toBeInstanceOf(SlackUnavailable);
  await poster.once('k', place(), say('one'));
  expect(await replies()).toHaveLength(1);
});

test('a rate limit is waited out and the order stays', async () => {
  const poster = posterOf(slack);
  slack.faults.rateLimit('chat.postMessage', 1, 1);
  const started = Date.now();
  await Promise.all([poster.once('a', place(), say('first')), poster.once('b', place(), say('second'))]);
  expect(Date.now() - started).toBeGreaterThanOrEqual(950);
  expect((await replies()).map((message) => message['text'])).toEqual(['first', 'second']);
});

test('a refusal names Slack’s error', async () => {
  await expect(posterOf(slack).once('k', { channel: 'C0NOWHERE', threadTs: null }, say('x'))).rejects.toMatchObject({
    code: 'slack_refused',
    slackError: 'channel_not_found',
  });
  await expect(posterOf(slack).once('k', { channel: 'C0NOWHERE', threadTs: null }, say('x'))).rejects.toBeInstanceOf(SlackRefused);
});

test('a deleted message is replaced by a new one', async () => {
  const poster = posterOf(slack);
  const { ts } = await poster.upsert('k', place(), say('one'));
  await testClient(slack).chat.delete({ channel, ts });
  await poster.upsert('k', place(), say('two'));
  expect((await replies()).map((message) => message['text'])).toEqual(['two']);
});

test('secrets are masked everywhere, and no link unfolds', async () => {
  await posterOf(slack).once('k', place(), say('token s3cr3t-made-up'));
  const [sent] = calls(slack, 'chat.postMessage').slice(-1);
  expect(JSON.stringify(sent)).not.toContain('s3cr3t-made-up');
  expect(sent).toMatchObject({ text: 'token [redacted]' });
  expect([String(sent?.['unfurl_links']), String(sent?.['unfurl_media'])]).toEqual(['false', 'false']);
});

test('a server that does not know a block gets the other rendering, and is asked once', async () => {
  const old = await startForTest({ unsupported: { blocks: ['plan'] } });
  try {
    const poster = posterOf(old);
    const progress = { incidentId: 'i', headline: 'Looking', tasks: [{ title: 'Pods', state: 'running' as const }], open: true };
    const rendering = { view: progressPlan(progress), fallback: progressSections(progress) };
    for (const key of ['a', 'b']) await poster.once(key, { channel, threadTs: null }, rendering);
    expect(old.ledger().filter((entry) => entry.outcome === 'invalid_blocks')).toHaveLength(1);
    expect(await messagesOf(old, channel)).toHaveLength(2);
  } finally {
    await old.close();
  }
});
