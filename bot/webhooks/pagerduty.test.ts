import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createErrorHandler } from '../api/errors.ts';
import { pageBody, secret, signed } from '../intake/testing.ts';
import { secretsIn } from '../pagerduty/webhook-secrets.ts';
import type { Intake } from '../ports.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { pagerDutyWebhook } from './pagerduty.ts';

const now = Date.parse('2026-01-01T10:00:00.000Z');
const hour = 3_600_000;

let db: TestDatabase;
let store: Store;
let ignored: string[];
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());
beforeEach(async () => {
  ignored = [];
  await db.force('TRUNCATE inbox');
});

interface Sent {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly intake?: Intake;
}

async function post({ body, headers, secrets = [secret], intake = store.inbox }: Sent): Promise<number> {
  const api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  const onIgnored = (kind: string) => void ignored.push(kind);
  await pagerDutyWebhook(api, { secrets, intake, onIgnored, now: () => new Date(now), log: silent, answerWithinMs: 200 });
  const { statusCode } = await api.inject({
    method: 'POST',
    url: '/webhooks/pagerduty',
    headers: { 'content-type': 'application/json', 'x-webhook-id': randomUUID(), 'x-pagerduty-signature': signed(body), ...headers },
    payload: body,
  });
  await api.close();
  return statusCode;
}

const at = (ms: number) => new Date(now + ms);
const body = (change: Parameters<typeof pageBody>[0] = {}) => pageBody({ at: at(0), ...change });
const stored = async () => (await store.inbox.lease(100)).map((leased) => leased.event);

test('an event is stored, reduced to what is used, before the answer', async () => {
  expect(await post({ body: body({ eventId: 'E1', page: 'Q1' }), headers: { 'x-webhook-id': 'D1' } })).toBe(202);
  expect(await stored()).toMatchObject([
    {
      ...{ kind: 'pagerduty.event', dedupeKey: 'E1', deliveryId: 'D1' },
      event: { type: 'triggered', at: '2026-01-01T10:00:00.000Z', incident: { id: 'Q1', number: 12, service: { id: 'PCHECKOUT' } } },
    },
  ]);
});

describe('202 for any of several signatures by any of several secrets:', () => {
  test.each<[string, (text: string) => string, string]>([
    ['while the sender signs with both', (text) => `${signed(text, 'old')},${signed(text)}`, secret],
    ['with a space between', (text) => `${signed(text, 'old')}, ${signed(text)}`, secret],
    ['while both are configured', (text) => signed(text, 'new'), `old, new`],
    ['beside a newer version', (text) => `v2=${'ab'.repeat(32)},${signed(text)}`, secret],
    ['in capital letters', (text) => signed(text).toUpperCase().replace('V1', 'v1'), secret],
  ])('%s', async (_, signature, configured) => {
    const text = body();
    expect(await post({ body: text, headers: { 'x-pagerduty-signature': signature(text) }, secrets: secretsIn(configured) })).toBe(202);
    expect(await stored()).toHaveLength(1);
  });
});

describe('401, and nothing stored:', () => {
  const text = body();
  test.each<[string, Sent]>([
    ['no signature', { body: text, headers: { 'x-pagerduty-signature': '' } }],
    ['the signature of another secret', { body: text, headers: { 'x-pagerduty-signature': signed(text, 'another') } }],
    ['the signature of another body', { body: text, headers: { 'x-pagerduty-signature': signed(body({ page: 'Q2' })) } }],
    ['no version', { body: text, headers: { 'x-pagerduty-signature': signed(text).slice(3) } }],
    ['no hexadecimal', { body: text, headers: { 'x-pagerduty-signature': `v1=${'z'.repeat(64)}` } }],
    ['a time 49 h and a second ago', { body: body({ at: at(-49 * hour - 1_000) }) }],
    ['a time 5 min and a second ahead', { body: body({ at: at(5 * 60_000 + 1_000) }) }],
    ['a signed body that is no JSON', { body: 'page' }],
    ['a signed body without a time', { body: JSON.stringify({ event: { id: 'E1', event_type: 'incident.triggered', data: {} } }) }],
    ['no body', { body: '' }],
  ])('%s', async (_, sent) => {
    expect(await post(sent)).toBe(401);
    expect(await stored()).toEqual([]);
  });
});

test.each([-48 * hour, -49 * hour, 5 * 60_000])('a time %i ms away is right: PagerDuty tries for 48 h', async (away) => {
  expect(await post({ body: body({ at: at(away) }) })).toBe(202);
});

describe('the same event is stored once:', () => {
  test.each<[string, readonly (readonly [string, string])[]]>([
    [
      'by its delivery',
      [
        ['E1', 'D1'],
        ['E1', 'D1'],
        ['E1', 'D1'],
      ],
    ],
    [
      'by its own id, through two subscriptions',
      [
        ['E1', 'D1'],
        ['E1', 'D2'],
      ],
    ],
    [
      'by the id of its delivery alone',
      [
        ['E1', 'D1'],
        ['E2', 'D1'],
      ],
    ],
  ])('%s', async (_, sent) => {
    const answers = await Promise.all(
      sent.map(([eventId, delivery]) => post({ body: body({ eventId }), headers: { 'x-webhook-id': delivery } })),
    );
    expect(new Set(answers)).toEqual(new Set([202]));
    expect(await stored()).toHaveLength(1);
  });

  test('and without the id of a delivery, by its own', async () => {
    const headers = { 'x-webhook-id': '' };
    expect(await post({ body: body({ eventId: 'E1' }), headers })).toBe(202);
    expect(await post({ body: body({ eventId: 'E1' }), headers })).toBe(202);
    expect(await post({ body: body({ eventId: 'E2' }), headers })).toBe(202);
    expect(await stored()).toHaveLength(2);
  });
});

describe('503, never a 4xx, for what may pass:', () => {
  test('no secret is configured yet', async () => {
    expect(await post({ body: body(), secrets: [] })).toBe(503);
  });
  test('the store is away', async () => {
    expect(await post({ body: body(), intake: { receive: () => Promise.reject(new StoreUnavailable('unreachable', null)) } })).toBe(503);
  });
  test('the store does not answer in time', async () => {
    expect(await post({ body: body(), intake: { receive: () => new Promise(() => {}) } })).toBe(503);
  });
});

describe('acknowledged, counted, and not stored:', () => {
  test.each([
    ['a ping', 'pagey.ping', 'pagerduty.ping'],
    ['a type that nobody knows', 'incident.teleported', 'pagerduty.other'],
    ['a type that has nothing to do with an incident', 'service.updated', 'pagerduty.other'],
  ])('%s', async (_, type, counted) => {
    expect(await post({ body: body({ type }) })).toBe(202);
    expect(await stored()).toEqual([]);
    expect(ignored).toEqual([counted]);
  });
});

test('an event whose data is not as published is taken by its id: the rest is read again', async () => {
  const text = body({ data: { urgency: 'medium', status: 'unheard of' } });
  expect(await post({ body: text })).toBe(202);
  expect(await stored()).toMatchObject([{ event: { type: 'triggered', incident: { id: 'QPAGE01', status: null, title: null } } }]);
});

test('a body that PagerDuty would never send is too large', async () => {
  expect(await post({ body: body({ title: 'x'.repeat(600_000) }) })).toBe(413);
  expect(await stored()).toEqual([]);
});
