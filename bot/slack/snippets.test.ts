import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalSlack } from '../sandbox/slack/server.ts';
import { messagesOf, startForTest } from '../sandbox/slack/testing.ts';
import { createSnippets } from './snippets.ts';
import { calls, mask, memoryFiles, silent, testClient } from './testing.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
let root: string;

beforeEach(async () => {
  slack = await startForTest();
  root = (await testClient(slack).chat.postMessage({ channel, text: 'root' })).ts ?? '';
});
afterEach(() => slack.close());

const place = () => ({ channel, threadTs: root });
const snippet = { filename: 'p-s1.diff', title: 'Plan p, step 1', syntax: 'diff', text: '- a\n+ b\u202e é' };
const snippetsOf = (files = memoryFiles(), client = testClient(slack)) => createSnippets({ client, files, redact: mask, log: silent });
const shared = async () =>
  (await messagesOf(slack, channel, `?thread_ts=${root}`)).flatMap((message) => (message['files'] as Record<string, unknown>[]) ?? []);
const contentOf = async (file: Record<string, unknown> | undefined) => (await fetch(String(file?.['url_private']))).text();

test('a text is shared in the thread as a snippet, with nothing hidden in it', async () => {
  const files = memoryFiles();
  expect(await snippetsOf(files).share('k', place(), snippet)).toBe(true);
  const [file, ...more] = await shared();
  expect(more).toEqual([]);
  expect(file).toMatchObject({ name: 'p-s1.diff', title: 'Plan p, step 1', alt_txt: 'Plan p, step 1', filetype: 'diff', mode: 'snippet' });
  expect(await contentOf(file)).toBe('- a\n+ b\\u{202e} é');
  expect(files.entries.get('k')).toMatchObject({ file: file?.['id'], permalink: file?.['permalink'], shared: true });
});

test('a repeated call shares nothing new', async () => {
  const snippets = snippetsOf();
  await snippets.share('k', place(), snippet);
  expect(await snippets.share('k', place(), snippet)).toBe(false);
  expect(await shared()).toHaveLength(1);
});

test('two processes at once share it once', async () => {
  const files = memoryFiles();
  const both = await Promise.all([snippetsOf(files), snippetsOf(files)].map((snippets) => snippets.share('k', place(), snippet)));
  expect(both.toSorted()).toEqual([false, true]);
  expect(await shared()).toHaveLength(1);
});

test('secrets are masked in text and title', async () => {
  await snippetsOf().share('k', place(), { ...snippet, title: 'of s3cr3t-made-up', text: 'token: s3cr3t-made-up' });
  const [file] = await shared();
  expect([file?.['title'], await contentOf(file)]).toEqual(['of [redacted]', 'token: [redacted]']);
  expect(JSON.stringify(slack.ledger())).not.toContain('s3cr3t-made-up');
});

describe('after an attempt that broke off', () => {
  test('because the answer was lost, the shared file is found', async () => {
    const files = memoryFiles();
    slack.faults.hangAfterSuccess('files.completeUploadExternal', 1);
    expect(await snippetsOf(files, testClient(slack, 1000)).share('k', place(), snippet)).toBe(false);
    expect(files.entries.get('k')?.shared).toBe(false);
    expect(await snippetsOf(files).share('k', place(), snippet)).toBe(true);
    expect(await shared()).toHaveLength(1);
    expect(files.entries.get('k')?.permalink).toContain('/files/');
  });

  test('before it was completed, the same upload is completed', async () => {
    const files = memoryFiles();
    slack.faults.httpError('files.completeUploadExternal', 1);
    expect(await snippetsOf(files).share('k', place(), snippet)).toBe(false);
    expect(await snippetsOf(files).share('k', place(), snippet)).toBe(true);
    expect(await shared()).toHaveLength(1);
    expect(calls(slack, 'files.getUploadURLExternal')).toHaveLength(1);
  });

  test('with an upload that Slack has forgotten, it is uploaded anew', async () => {
    const files = memoryFiles();
    await files.uploaded('k', 'F0FORGOTTEN');
    expect(await snippetsOf(files).share('k', place(), snippet)).toBe(true);
    expect(await shared()).toHaveLength(1);
  });
});

test.each([
  ['a missing scope', { scopes: ['files:write'] }],
  ['a server that does not know files', { methods: ['files.getUploadURLExternal'] }],
])('%s is no error, and the next call may try again', async (_, unsupported) => {
  const poor = await startForTest({ unsupported });
  try {
    const files = memoryFiles();
    const snippets = createSnippets({ client: testClient(poor), files, redact: mask, log: silent });
    expect(await snippets.share('k', { channel, threadTs: null }, snippet)).toBe(false);
    expect(files.entries.get('k')).toMatchObject({ file: null, shared: false, held: false });
  } finally {
    await poor.close();
  }
});

test('a rate limit is not waited out', async () => {
  slack.faults.rateLimit('files.getUploadURLExternal', 1, 30);
  const started = Date.now();
  expect(await snippetsOf().share('k', place(), snippet)).toBe(false);
  expect(Date.now() - started).toBeLessThan(10_000);
});
