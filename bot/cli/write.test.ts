import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestApi, type TestApi } from '../api/testing.ts';
import { runCli } from './program.ts';

let t: TestApi;
let url: string;
/** Between the command line and the API: carries requests there, and loses as many answers as it should. */
let between: Server;
let losing = 0;
const keys: (string | undefined)[] = [];

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return text;
}

beforeAll(async () => {
  t = await createTestApi();
  url = await t.api.listen({ host: '127.0.0.1', port: 0 });
  between = createServer(async (request, response) => {
    const { method = 'GET', url: path = '/', headers } = request;
    const sent = await bodyOf(request);
    const given = ['authorization', 'content-type', 'idempotency-key'].flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    });
    keys.push(Object.fromEntries(given)['idempotency-key']);
    const answer = await fetch(new URL(path, url), { method, headers: Object.fromEntries(given), ...(sent === '' ? {} : { body: sent }) });
    const text = await answer.text();
    if (losing > 0) {
      losing -= 1;
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  losing = 0;
  keys.length = 0;
});
afterAll(async () => {
  between.closeAllConnections();
  between.close();
  await t.close();
});

async function cli(...argv: string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const server = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
  const given = { WATCHKEEPER_URL: server, WATCHKEEPER_TOKEN: t.admin };
  const status = await runCli(argv, { line: (text) => out.push(text), note: (text) => notes.push(text) }, given);
  return { status, out: out.join('\n'), notes: notes.join('\n') };
}

const ask = async (title: string, ...flags: string[]) => cli('ask', title, '--json', ...flags);
const titled = async (title: string) => (await t.store.incidents.list(null, 100)).filter((one) => one.title === title).length;

test('an answer that is lost is asked for again with the same key: one incident is opened', async () => {
  losing = 2;
  const { status, out } = await ask('lost');
  expect([status, JSON.parse(out).title]).toEqual([0, 'lost']);
  expect([keys.length, new Set(keys).size, await titled('lost')]).toEqual([3, 1, 1]);
});

test('each command has a key of its own', async () => {
  await ask('twice');
  await ask('twice');
  expect([new Set(keys).size, await titled('twice')]).toEqual([2, 2]);
});

test('where no answer comes at all, the words say how to ask again, and that opens nothing new', async () => {
  losing = 3;
  const { status, notes } = await ask('away');
  const [, key = ''] = /--idempotency-key (\S+),/.exec(notes) ?? [];
  expect([status, key]).toEqual([3, keys[0]]);
  expect(await ask('away', '--idempotency-key', key)).toMatchObject({ status: 0 });
  expect(await titled('away')).toBe(1);
});

test('a key that was given counts across commands; another request with it is refused, and what is no key is wrong use', async () => {
  const first = await ask('given', '--idempotency-key', 'ci-1');
  expect(JSON.parse((await ask('given', '--idempotency-key', 'ci-1')).out).id).toBe(JSON.parse(first.out).id);
  expect(await ask('another', '--idempotency-key', 'ci-1')).toMatchObject({ status: 1, notes: expect.stringContaining('another request') });
  expect((await ask('given', '--idempotency-key', 'a b')).status).toBe(2);
});

test('what the API refuses is not asked again', async () => {
  expect((await cli('approve', 'nope')).status).toBe(1);
  expect((await cli('cancel', 'nope')).status).toBe(1);
  expect(keys).toHaveLength(2);
});
