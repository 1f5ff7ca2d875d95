import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createErrorHandler } from '../api/errors.ts';
import type { Intake } from '../ports.ts';
import { signLinear } from '../sandbox/linear/webhooks.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { registerWebhooks } from './index.ts';
import { linearWebhook } from './linear.ts';

const secret = 'made up for tests';
const issueId = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const now = Date.parse('2026-01-01T10:00:00.000Z');

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());
beforeEach(() => db.force('TRUNCATE inbox'));

interface Sent {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(sent: Sent, intake: Intake = store.inbox, answerWithinMs = 4_000): Promise<number> {
  const api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  await linearWebhook(api, { secret, intake, now: () => new Date(now), log: silent, answerWithinMs });
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'linear-delivery': randomUUID(),
    'linear-event': 'Issue',
    'linear-signature': signLinear(secret, sent.body),
    ...sent.headers,
  };
  const { statusCode } = await api.inject({ method: 'POST', url: '/webhooks/linear', headers, payload: sent.body });
  await api.close();
  return statusCode;
}

function event(change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    action: 'update',
    type: 'Issue',
    webhookTimestamp: now,
    actor: null,
    data: { id: issueId, title: 'checkout fails', labelIds: ['a', 'b'] },
    updatedFrom: { updatedAt: '2026-01-01T09:00:00.000Z', labelIds: ['a'] },
    ...change,
  });
}

const stored = async () => (await store.inbox.lease(100)).map((leased) => leased.event);

test('a changed label is stored, as ids and nothing else, before the answer', async () => {
  const delivery = randomUUID();
  expect(await post({ body: event(), headers: { 'linear-delivery': delivery } })).toBe(200);
  expect(await stored()).toEqual([{ kind: 'linear.labels', dedupeKey: delivery, issueId }]);
});

test('an issue that is made with a label on is looked at, too', async () => {
  expect(await post({ body: event({ action: 'create', updatedFrom: undefined }) })).toBe(200);
  expect(await stored()).toHaveLength(1);
});

test('the same delivery three times is one event, and 200 each time', async () => {
  const headers = { 'linear-delivery': randomUUID() };
  const answers = await Promise.all([1, 2, 3].map(() => post({ body: event(), headers })));
  expect(answers).toEqual([200, 200, 200]);
  expect(await stored()).toHaveLength(1);
});

describe('401, and nothing stored:', () => {
  test.each<[string, Sent]>([
    ['no signature', { body: event(), headers: { 'linear-signature': '' } }],
    ['the signature of another secret', { body: event(), headers: { 'linear-signature': signLinear('another', event()) } }],
    ['the signature of another body', { body: event(), headers: { 'linear-signature': signLinear(secret, event({ actor: {} })) } }],
    ['a signature that is no hexadecimal', { body: event(), headers: { 'linear-signature': 'z'.repeat(64) } }],
    ['a time 61 s ago', { body: event({ webhookTimestamp: now - 61_000 }) }],
    ['a time 61 s ahead', { body: event({ webhookTimestamp: now + 61_000 }) }],
    ['no time', { body: event({ webhookTimestamp: undefined }) }],
    ['a time that is a text', { body: event({ webhookTimestamp: String(now) }) }],
    [
      'an old time, and a header that says otherwise',
      { body: event({ webhookTimestamp: now - 3_600_000 }), headers: { 'linear-timestamp': String(now) } },
    ],
    ['a signed body that is no JSON', { body: 'labels' }],
    ['no body', { body: '' }],
  ])('%s', async (_, sent) => {
    expect(await post(sent)).toBe(401);
    expect(await stored()).toEqual([]);
  });
});

test.each([-60_000, 60_000])('a time %i ms away is right', async (away) => {
  expect(await post({ body: event({ webhookTimestamp: now + away }) })).toBe(200);
});

describe('200, and nothing stored:', () => {
  test.each([
    ['labels that did not change', event({ updatedFrom: { title: 'before' } })],
    ['an update that names nothing earlier', event({ updatedFrom: undefined })],
    ['an issue that is made without labels', event({ action: 'create', data: { id: issueId, labelIds: [] } })],
    ['an issue that is removed', event({ action: 'remove' })],
    ['something else than an issue', event({ type: 'Comment' })],
    ['an id that is none', event({ data: { id: '../1', labelIds: [] } })],
  ])('%s', async (_, body) => {
    expect(await post({ body })).toBe(200);
    expect(await stored()).toEqual([]);
  });
});

test('without the id of the delivery it cannot be told from its copies', async () => {
  expect(await post({ body: event(), headers: { 'linear-delivery': 'x' } })).toBe(400);
});

test('while nothing can be stored the answer is 503, so that Linear sends it again', async () => {
  const away: Intake = { receive: () => Promise.reject(new StoreUnavailable('unreachable', null)) };
  expect(await post({ body: event() }, away)).toBe(503);
  const slow: Intake = { receive: () => new Promise(() => {}) };
  expect(await post({ body: event() }, slow, 20)).toBe(503);
});

test('without a secret there is no such route', async () => {
  const api = Fastify();
  await registerWebhooks(api, { linear: null, intake: store.inbox, now: () => new Date(now), log: silent });
  expect((await api.inject({ method: 'POST', url: '/webhooks/linear', payload: event() })).statusCode).toBe(404);
  await api.close();
});
