import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { Api } from '../context.ts';
import { createTestApi } from '../testing.ts';
import { addDraining } from './draining.ts';
import { listenAt } from './listen.ts';

/** A connection on which `sent` has gone out: what comes on it, and when the server ends it. */
async function dial({ server }: Api, sent = '', host = '127.0.0.1') {
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, host);
  onTestFinished(() => void socket.destroy());
  const got: string[] = [];
  socket.on('data', (data) => got.push(String(data)));
  socket.on('error', () => {});
  const ended = once(socket, 'close');
  await accepted;
  socket.write(sent);
  return { socket, ended, text: () => got.join('') };
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: shop.example\r\n\r\n`;

test('a server that is told to stop ends what is unused, answers what it was asked, and ends that too', async () => {
  const t = await createTestApi();
  const asked = Promise.withResolvers<void>();
  const known = Promise.withResolvers<void>();
  t.controls.readiness = async () => {
    asked.resolve();
    await known.promise;
    return { ok: true, parts: {} };
  };
  await t.api.listen({ host: '127.0.0.1', port: 0 });
  const order: string[] = [];
  const unused = await dial(t.api);
  const half = await dial(t.api, 'GET /healthz HTTP/1.1\r\nhost:');
  const before = await dial(t.api, get('/healthz'));
  await once(before.socket, 'data');
  const waiting = await dial(t.api, get('/readyz'));
  await asked.promise;
  const closed = t.close().then(() => order.push('closed'));
  await Promise.all([unused.ended, half.ended, before.ended]).then(() => order.push('unused'));
  known.resolve();
  await Promise.all([waiting.ended.then(() => order.push('answered')), closed]);
  expect(order).toEqual(['unused', 'answered', 'closed']);
  expect(waiting.text()).toMatch(/^HTTP\/1\.1 200 .*^connection: close\r$.*"ok":true/ms);
});

test('an answer that does not come to its end is cut off', async () => {
  const api = Fastify({ forceCloseConnections: 'idle' });
  addDraining(api, 0);
  api.get('/lines', (_request, reply) => {
    reply.hijack();
    reply.raw.write('a line\n');
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const reader = await dial(api, get('/lines'));
  await once(reader.socket, 'data');
  await Promise.all([api.close(), reader.ended]);
  expect(reader.text()).toContain('a line');
});

test('what came at the other addresses of localhost ends as soon, and nobody comes there any more', async () => {
  const api = Fastify({ forceCloseConnections: 'idle' });
  addDraining(api, 60_000);
  const open = Promise.withResolvers<void>();
  let stream: NodeJS.WritableStream | null = null;
  api.addHook('preClose', async () => void stream?.end('goodbye\n'));
  api.get('/events', (_request, reply) => {
    reply.hijack();
    stream = reply.raw;
    reply.raw.write('hello\n');
    open.resolve();
  });
  api.get('/', async () => 'at home\n');
  const url = await listenAt(api, { host: 'localhost', port: 0 }, async () => ['127.0.0.1', '127.0.0.2', '203.0.113.1']);
  expect(new URL(url).hostname).toBe('127.0.0.1');
  const [unused, half, before] = [
    await dial(api, '', '127.0.0.2'),
    await dial(api, 'GET / HTTP/1.1\r\nhost:', '127.0.0.2'),
    await dial(api, get('/'), '127.0.0.2'),
  ];
  await once(before.socket, 'data');
  const reader = await dial(api, get('/events'), '127.0.0.2');
  await open.promise;
  const { port } = api.server.address() as AddressInfo;
  await Promise.all([api.close(), ...[unused, half, before, reader].map(({ ended }) => ended)]);
  expect([before.text(), reader.text()]).toEqual([expect.stringContaining('at home'), expect.stringContaining('goodbye')]);
  const late = connect(port, '127.0.0.2');
  expect(await once(late, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
});

test('a reader at another address of localhost who does not come to an end is cut off', async () => {
  const api = Fastify({ forceCloseConnections: 'idle' });
  addDraining(api, 0);
  api.get('/lines', (_request, reply) => {
    reply.hijack();
    reply.raw.write('a line\n');
  });
  await listenAt(api, { host: 'localhost', port: 0 }, async () => ['127.0.0.1', '127.0.0.2']);
  const reader = await dial(api, get('/lines'), '127.0.0.2');
  await once(reader.socket, 'data');
  await Promise.all([api.close(), reader.ended]);
});
