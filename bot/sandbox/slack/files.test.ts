import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientOf, hand, messagesOf, startForTest } from './testing.ts';
import type { Json, LocalSlack } from './types.ts';

const channel = 'C0INCIDENTS';
let slack: LocalSlack;
beforeAll(async () => {
  slack = await startForTest();
});
afterAll(() => slack.close());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'none',
    (error: { data?: Json }) => error.data?.['error'] ?? String(error),
  );
const announce = async (given: Json): Promise<Json> => ({ ...(await clientOf(slack).apiCall('files.getUploadURLExternal', given)) });
const complete = (given: Json) => clientOf(slack).apiCall('files.completeUploadExternal', given);
const upload = (url: unknown, body: string) => fetch(String(url), { method: 'POST', body });

async function thread(): Promise<string> {
  const { body } = await hand(slack, 'messages', { user: 'alice', channel, text: 'what would it change?' });
  return String(body['ts']);
}

describe('an upload', () => {
  test('takes as many bytes as were announced, once', async () => {
    const { upload_url } = await announce({ filename: 'a.diff', length: 4 });
    expect((await upload(upload_url, 'too long')).status).toBe(400);
    expect((await upload(upload_url, '+ é')).status).toBe(200);
    expect((await upload(upload_url, '+ é')).status).toBe(400);
    expect((await upload(`${slack.url}/upload/F0MADEUP`, 'x')).status).toBe(404);
  });

  test('is completed after it arrived, once, and then only is it seen', async () => {
    const thread_ts = await thread();
    const { upload_url, file_id } = await announce({ filename: 'a.diff', length: 3, snippet_type: 'diff' });
    const given = { files: [{ id: file_id, title: 'What would change' }], channel_id: channel, thread_ts };
    expect(await refusal(complete(given))).toBe('file_not_found');
    await upload(upload_url, '+ a');
    expect(await messagesOf(slack, channel, `?thread_ts=${thread_ts}`)).toHaveLength(1);
    await complete(given);
    expect(await refusal(complete(given))).toBe('file_not_found');
    const [, shared, ...more] = await messagesOf(slack, channel, `?thread_ts=${thread_ts}`);
    expect(more).toEqual([]);
    expect(shared?.['files']).toMatchObject([{ id: file_id, title: 'What would change', mode: 'snippet', filetype: 'diff' }]);
  });

  test.each([
    ['no length', { filename: 'a.diff' }, 'invalid_arguments'],
    ['no bytes', { filename: 'a.diff', length: 0 }, 'invalid_arguments'],
    ['a snippet over 1 MiB', { filename: 'a.diff', length: 1_048_577, snippet_type: 'diff' }, 'snippet_too_large'],
    ['a long description', { filename: 'a.diff', length: 1, alt_txt: 'x'.repeat(1001) }, 'alt_txt_too_large'],
  ])('with %s is refused', async (_, given, error) => {
    expect(await refusal(announce(given))).toBe(error);
  });

  test('into a thread that is not there leaves the file as it was', async () => {
    const { upload_url, file_id } = await announce({ filename: 'a.diff', length: 3 });
    await upload(upload_url, '+ a');
    const into = (thread_ts: string) => complete({ files: [{ id: file_id }], channel_id: channel, thread_ts });
    expect(await refusal(into('1.000001'))).toBe('thread_not_found');
    expect(await refusal(into(await thread()))).toBe('none');
  });
});

test('an app that was installed without the scope is told so', async () => {
  const poor = await startForTest({ unsupported: { scopes: ['files:write'] } });
  try {
    const asked = clientOf(poor).apiCall('files.getUploadURLExternal', { filename: 'a.diff', length: 1 });
    await expect(asked).rejects.toMatchObject({ data: { error: 'missing_scope', needed: 'files:write' } });
  } finally {
    await poor.close();
  }
});

test('a snippet is shown folded, with what it says as text', async () => {
  const thread_ts = await thread();
  const text = '- <b>old</b>\n+ new';
  const { upload_url, file_id } = await announce({ filename: 'a.diff', length: text.length, snippet_type: 'diff' });
  await upload(upload_url, text);
  await complete({ files: [{ id: file_id, title: 'Step 1' }], channel_id: channel, thread_ts });
  const page = await (await fetch(`${slack.url}/page/messages?as=alice&channel=${channel}&thread_ts=${thread_ts}`)).text();
  expect(page).toContain('<details class="snippet" data-testid="snippet"><summary><span class="snippet-title">Step 1</span>');
  expect(page).toContain('- &lt;b&gt;old&lt;/b&gt;\n+ new</pre>');
});
