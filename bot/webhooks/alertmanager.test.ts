import Fastify from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createErrorHandler } from '../api/errors.ts';
import { createAuthenticator, type Scope } from '../api/principal.ts';
import type { Intake } from '../ports.ts';
import { StoreUnavailable } from '../store/errors.ts';
import { alice } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { alertmanagerWebhook } from './alertmanager.ts';

let db: TestDatabase;
let store: Store;
let token: string;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  token = await tokenWith('alerts:write');
});
afterAll(() => db.close());
beforeEach(() => db.force('TRUNCATE inbox'));

const tokenWith = async (...scopes: Scope[]) => (await store.tokens.create({ name: 'am', scopes, expiresAt: null }, alice)).secret;

interface Sent {
  readonly body?: unknown;
  readonly authorization?: string | undefined;
  readonly intake?: Intake;
  readonly authenticate?: ReturnType<typeof createAuthenticator>;
}

async function post(sent: Sent = {}): Promise<{ status: number; body: string }> {
  const { body = group(), intake = store.inbox, authenticate = createAuthenticator(store.tokens, null) } = sent;
  const authorization = 'authorization' in sent ? sent.authorization : `Bearer ${token}`;
  const api = Fastify();
  api.setErrorHandler(createErrorHandler(silent));
  await alertmanagerWebhook(api, { authenticate, intake, log: silent, answerWithinMs: 200 });
  const answer = await api.inject({
    method: 'POST',
    url: '/webhooks/alertmanager',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  await api.close();
  return { status: answer.statusCode, body: answer.body };
}

/** As of https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
const one = (change: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Down', service: 'checkout' },
  annotations: { summary: 'checkout is down' },
  startsAt: '2026-01-01T10:00:00.123456789Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus.example/graph?g0.expr=up',
  fingerprint: 'a1b2c3d4e5f60718',
  ...change,
});
const group = (change: object = {}) => ({
  ...{ version: '4', groupKey: '{}:{alertname="Down"}', truncatedAlerts: 0, status: 'firing', receiver: 'watchkeeper' },
  ...{ groupLabels: {}, commonLabels: {}, commonAnnotations: {}, externalURL: 'http://alertmanager.example', alerts: [one()] },
  ...change,
});
const stored = async () => (await store.inbox.lease(100)).map((leased) => leased.event);

test('a notification is stored before the answer', async () => {
  expect((await post()).status).toBe(200);
  expect(await stored()).toMatchObject([{ kind: 'alertmanager.group', group: { alerts: [{ fingerprint: 'a1b2c3d4e5f60718' }] } }]);
});

test('the same from both of a pair is one; another state is another', async () => {
  const two = [one(), one({ fingerprint: 'f0' })];
  await post({ body: group({ alerts: two }) });
  await post({ body: group({ alerts: two.toReversed(), externalURL: 'http://other.example' }) });
  expect(await stored()).toHaveLength(1);
  await post({ body: group({ alerts: [one({ status: 'resolved', endsAt: '2026-01-01T10:05:00Z' })] }) });
  await post({ body: group({ alerts: [one({ startsAt: '2026-01-01T11:00:00Z' })] }) });
  expect(await stored()).toHaveLength(2);
});

describe('who may send:', () => {
  test.each([
    ['nobody without a token', async () => undefined, 401],
    ['nobody with a token of our own invention', async () => 'Bearer wk_made-up', 401],
    ['nobody with another scope', async () => `Bearer ${await tokenWith('read', 'incidents:write')}`, 403],
  ])('%s', async (_, authorization, status) => {
    expect((await post({ authorization: await authorization() })).status).toBe(status);
    expect(await stored()).toEqual([]);
  });

  test('a body is not read for who may not', async () => {
    expect((await post({ authorization: undefined, body: '{' })).status).toBe(401);
  });
});

describe('503 while it cannot be stored, so that it is sent again:', () => {
  const away = () => Promise.reject(new StoreUnavailable('unreachable', null));
  test.each<[string, Sent]>([
    ['the inbox is away', { intake: { receive: away } }],
    ['the inbox does not answer', { intake: { receive: () => new Promise(() => {}) } }],
    ['the tokens are away', { authenticate: createAuthenticator({ verify: away }, null) }],
  ])('%s', async (_, sent) => {
    expect((await post(sent)).status).toBe(503);
  });
});

describe('400 with what is wrong:', () => {
  test.each([
    ['another version', group({ version: '3' }), '/version'],
    ['no group', group({ groupKey: undefined }), '/groupKey'],
    ['an alert without a start', group({ alerts: [one({ startsAt: 'soon' })] }), '/alerts/0/startsAt'],
    ['a label that is no text', group({ alerts: [one({ labels: { a: 1 } })] }), '/alerts/0/labels/a'],
  ])('%s', async (_, body, pointer) => {
    const answer = await post({ body });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain(`"pointer":"${pointer}"`);
    expect(await stored()).toEqual([]);
  });

  test('no JSON', async () => {
    expect((await post({ body: '{' })).status).toBe(400);
  });
});

test('a group without alerts, and what a newer version adds, is no mistake', async () => {
  expect((await post({ body: group({ alerts: [], newField: {} }) })).status).toBe(200);
});

test('more than 4 MiB is too large', async () => {
  const alerts = [one({ annotations: { description: 'x'.repeat(4_200_000) } })];
  expect((await post({ body: group({ alerts }) })).status).toBe(413);
});
