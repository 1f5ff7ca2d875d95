import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../tools/canonical.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createOutside, drained, type Outside, type Replica, type ReplicaOptions, startReplica } from './testing.ts';

let db: TestDatabase;
let store: Store;
let outside: Outside;
let replica: Replica;
let token: string;
beforeEach(async () => {
  db = await createTestDatabase();
  store = db.store();
  outside = createOutside();
  token = (await store.tokens.create({ name: 'am', scopes: ['alerts:write'], expiresAt: null }, { kind: 'person', id: 'dave' })).secret;
});
afterEach(async () => {
  await replica.stop();
  await db.close();
});

const start = async (more: Partial<ReplicaOptions> = {}) => {
  replica = await startReplica({ store, outside, ...more });
};

interface Sent {
  readonly labels: Readonly<Record<string, string>>;
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: Date;
  readonly annotations?: Readonly<Record<string, string>>;
}

const begun = new Date(Date.now() - 60_000);

function alert({ labels, status = 'firing', startsAt = begun, annotations = {} }: Sent) {
  const endsAt = status === 'resolved' ? new Date(startsAt.getTime() + 30_000).toISOString() : '0001-01-01T00:00:00Z';
  const fingerprint = sha256Hex(JSON.stringify(labels)).slice(0, 16);
  return { status, labels, annotations, startsAt: startsAt.toISOString(), endsAt, generatorURL: '', fingerprint };
}

async function notify(alerts: readonly Sent[], more: object = {}): Promise<void> {
  const group = { version: '4', groupKey: '{}:{alertname="Down"}', truncatedAlerts: 0, status: 'firing', receiver: 'watchkeeper', ...more };
  const response = await fetch(`${replica.url}/webhooks/alertmanager`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      ...group,
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: '',
      alerts: alerts.map(alert),
    }),
  });
  expect(response.status).toBe(200);
  await drained(store);
}

const incidents = () => store.incidents.list(null, 100);
const alerts = async () => (await db.force('SELECT * FROM alerts ORDER BY position')).rows;
const pod = (service: string, number: number): Sent => ({
  labels: { alertname: 'Down', service, pod: `${service}-${number}`, severity: 'critical' },
});

test('200 alerts of one service are one incident with a list, whatever else is in the group', async () => {
  await start();
  await notify([...Array.from({ length: 200 }, (_, number) => pod('checkout', number)), pod('batch', 1)]);
  const found = await incidents();
  expect(found).toHaveLength(2);
  expect(outside.started).toHaveLength(2);
  const checkout = found.find(({ service }) => service === 'checkout');
  expect(checkout).toMatchObject({ source: 'alertmanager', requester: null, site: 'shop-eu' });
  expect(await store.alerts.count(checkout?.id ?? '')).toEqual([{ source: 'alertmanager', status: 'firing', count: 200 }]);
  expect(outside.shown.get(checkout?.id ?? '')).toMatchObject({ firing: 200 });
  expect(outside.told).toEqual([]);
});

test('a repeated notification changes nothing, one that grows adds what is new, an end is final', async () => {
  await start();
  await notify([pod('checkout', 1)]);
  await notify([pod('checkout', 1)]);
  await notify([pod('checkout', 1), pod('checkout', 2)]);
  expect(await alerts()).toHaveLength(2);
  await notify([{ ...pod('checkout', 1), status: 'resolved' }, pod('checkout', 2)]);
  await notify([pod('checkout', 1), pod('checkout', 2)], { groupKey: 'another route' });
  expect((await alerts()).map(({ status }) => status)).toEqual(['resolved', 'firing']);
  expect(outside.woken).toEqual([]);
  await notify([pod('checkout', 1), pod('checkout', 2)].map((one) => ({ ...one, status: 'resolved' as const })));
  expect(outside.woken).toHaveLength(1);
  expect(outside.told.flatMap(({ lines }) => lines)).toEqual(['All 2 alerts of Alertmanager of this incident are resolved.']);
  const [begun, ...others] = await store.audit.list({ kind: 'alertmanager.firing' }, 0, 10);
  expect(others).toHaveLength(1);
  expect(begun?.body.actor).toMatchObject({ kind: 'service_token' });
  expect(await store.audit.list({ kind: 'alertmanager.resolved' }, 0, 10)).toHaveLength(2);
});

test('an end that comes before its beginning is not lost, and not undone', async () => {
  await start();
  await notify([{ ...pod('checkout', 1), status: 'resolved' }]);
  await notify([pod('checkout', 1)]);
  expect(await alerts()).toMatchObject([{ status: 'resolved' }]);
});

describe('labels say what it is about', () => {
  test('two resources that nothing connects are two incidents, in one group and at one time', async () => {
    await start();
    const labels = (deployment: string) => ({ alertname: 'Down', namespace: 'other', deployment });
    await notify([{ labels: labels('a') }, { labels: labels('b') }]);
    expect(await incidents()).toHaveLength(2);
  });

  test('what depends on each other is one', async () => {
    await start();
    await notify([pod('frontend', 1), pod('checkout', 1), pod('payment', 1)]);
    expect(await incidents()).toHaveLength(1);
  });

  test('a deploy in common joins', async () => {
    await start();
    const labels = (service: string) => ({ alertname: 'Errors', service, deploy_id: '4711' });
    await notify([{ labels: labels('batch') }, { labels: labels('catalog') }]);
    expect((await alerts()).map(({ joined_by }) => joined_by)).toEqual(['opened', 'change']);
  });

  test('severity is urgency, and names of labels are settings', async () => {
    await start({ settings: { serviceLabels: ['owner'], severityLabel: 'prio', lowSeverities: ['p4'] } });
    await notify([
      { labels: { alertname: 'Slow', owner: 'batch', prio: 'p4' } },
      { labels: { alertname: 'Slow', owner: 'batch', prio: 'p1' } },
    ]);
    expect((await alerts()).map(({ service, severity, urgency }) => [service, severity, urgency])).toEqual([
      ['batch', 'p4', 'low'],
      ['batch', 'p1', 'high'],
    ]);
  });

  test('what is no problem opens nothing', async () => {
    await start();
    await notify([{ labels: { alertname: 'Watchdog', severity: 'none' } }]);
    expect(await incidents()).toEqual([]);
  });

  test('words are redacted before they are stored', async () => {
    await start();
    const annotations = { summary: 'checkout fails hunter2', description: 'password hunter2' };
    const groupKey = '{}:{note="hunter2"}';
    await notify([{ labels: { alertname: 'Errors', service: 'checkout', note: 'hunter2' }, annotations }], { groupKey });
    const [incident] = await incidents();
    expect(incident).toMatchObject({ title: 'checkout fails [masked]', text: expect.stringContaining('password [masked]') });
    const everything = await db.force('SELECT body::text AS text FROM inbox UNION ALL SELECT title || labels::text FROM alerts');
    expect(JSON.stringify(everything.rows)).not.toContain('hunter2');
  });
});

test('the same alert that fires again after the end is looked at again; a new firing of an open incident joins it', async () => {
  await start();
  await notify([pod('checkout', 1)]);
  const [incident] = await incidents();
  await notify([{ ...pod('checkout', 1), startsAt: new Date(begun.getTime() + 1_000) }]);
  expect(await alerts()).toHaveLength(2);
  await store.incidents.close(incident?.id ?? '', 'resolved', 'undone');
  await notify([{ ...pod('checkout', 1), startsAt: new Date(Date.now() + 1_000) }]);
  expect(await incidents()).toHaveLength(1);
  expect(outside.started).toHaveLength(2);
  expect(outside.told.flatMap(({ lines }) => lines).join()).toContain('began again after this incident was closed');
});

test('alerts that the sender left out are told of', async () => {
  await start();
  await notify([pod('checkout', 1)], { truncatedAlerts: 70 });
  expect(outside.told.flatMap(({ lines }) => lines)).toEqual(['Alertmanager left 70 more alerts of this group out (max_alerts).']);
});
