import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postCheckpoints, receiverName, receiverProblem } from './receiver.ts';

let server: Server;
let answer: { status: number; headers?: Record<string, string> };
let requests: IncomingMessage[];
beforeAll(async () => {
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    request.resume().on('end', () => response.writeHead(answer.status, answer.headers).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const place = () => ({ url: `${base()}/c?signature=made-up-secret`, token: 'made-up-token' });
const line = { size: 1, at: '2026-01-01T00:00:00.000Z', note: 'made up' };

describe('what is not taken is told in words that hold no secret', () => {
  test.each([
    [{ status: 401 }, /answers 401: the token is missing, or not accepted there/, null],
    [{ status: 403 }, /answers 403: the token/, null],
    [{ status: 409 }, /answers 409: it holds another checkpoint of that size/, null],
    [{ status: 429, headers: { 'retry-after': '7' } }, /answers 429$/, 7_000],
    [{ status: 503 }, /answers 503$/, null],
    [{ status: 302, headers: { location: '/elsewhere' } }, /answers 302$/, null],
  ])('%j', async (said, words, retryAfterMs) => {
    answer = said;
    const error = await postCheckpoints(place(), [line]).then(
      () => new Error('taken'),
      (reason: Error & { retryAfterMs?: number }) => reason,
    );
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain('made-up');
    expect(error).toMatchObject({ code: 'peer_unavailable', retryAfterMs });
  });

  test('a redirect is not followed: the token goes nowhere else', () => {
    expect(requests.map(({ url }) => url)).not.toContain('/elsewhere');
  });

  test('and so is a receiver that is away', async () => {
    const away = { url: 'http://127.0.0.1:1/c?signature=made-up-secret', token: null };
    await expect(postCheckpoints(away, [line])).rejects.toThrow('http://127.0.0.1:1/c cannot be reached');
  });
});

test.each([
  ['https://logs.example/c', null],
  ['http://localhost:1/c', null],
  ['http://logs.example/c', 'must start with https://: http is for this machine only'],
  ['https://me:secret@logs.example/c', 'must hold no user or password: name a variable in tokenVariable'],
  ['ftp://logs.example/c', 'must be a URL that starts with https://'],
])('%s: %s', (url, wrong) => {
  expect(receiverProblem(url)).toBe(wrong);
});

test('its name leaves out what could be secret', () => {
  expect(receiverName({ url: 'https://logs.example/c?token=x', token: 'y' })).toBe('https://logs.example/c');
});
