import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, urlOf } from './http.ts';

describe('request', () => {
  let server: Server;
  let base = '';
  const seen: string[] = [];
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      seen.push(incoming.url ?? '');
      if (incoming.url === '/hang') return;
      if (incoming.url === '/away') response.writeHead(302, { location: '/big' });
      if (incoming.url === '/often') response.writeHead(429, { 'retry-after': '60' });
      response.end(incoming.url === '/big' ? 'x'.repeat(100_000) : 'ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (path: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}): ReturnType<typeof request> =>
    request(new URL(path, base), { method: 'GET' }, {}, { timeoutMs: 5_000, maxOutputBytes: 1_000, ...more });

  it('answers status and body', async () => {
    expect(await ask('/')).toEqual({ kind: 'answered', status: 200, body: 'ok', truncated: false, encoded: false, retryAfter: null });
  });

  it('says how long a server asks to wait, in seconds', async () => {
    expect(await ask('/often')).toMatchObject({ status: 429, retryAfter: 60 });
  });

  it('follows no redirect', async () => {
    expect(await ask('/away')).toEqual({ kind: 'failed', code: 'unreachable' });
    expect(seen).not.toContain('/big');
  });

  it('keeps a bounded part of a body', async () => {
    expect(await ask('/big')).toMatchObject({ kind: 'answered', truncated: true });
  });

  it('names the time limit, the cancellation and the closed port', async () => {
    expect(await ask('/hang', { timeoutMs: 100 })).toEqual({ kind: 'failed', code: 'timeout' });
    expect(await ask('/hang', { signal: AbortSignal.abort() })).toEqual({ kind: 'failed', code: 'cancelled' });
    expect(await request(new URL('http://127.0.0.1:1/'), { method: 'GET' }, {}, { timeoutMs: 5_000, maxOutputBytes: 10 })).toEqual({
      kind: 'failed',
      code: 'unreachable',
    });
  });
});

it('urlOf keeps the path of the base and encodes the query', () => {
  const command = { kind: 'http', method: 'GET', service: 'prometheus', path: '/api/v1/query', query: { query: 'a&b=c d' } } as const;
  expect(urlOf('https://example.test/prometheus/', command).href).toBe('https://example.test/prometheus/api/v1/query?query=a%26b%3Dc+d');
});
