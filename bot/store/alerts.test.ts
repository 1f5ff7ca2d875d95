import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askBoard } from './alert-boards.ts';
import { insertAlert, type NewAlert } from './alerts.ts';
import { alice, newIncident } from './fixtures.ts';
import { uuidv7 } from './id.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase, testRedactor } from './testing.ts';

let db: TestDatabase;
let store: Store;
let app: pg.Client;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  app = new pg.Client({ connectionString: db.url });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await db.close();
});

const open = async () => (await store.incidents.open(newIncident(), alice)).incident.id;

const alertOf = (incidentId: string, change: Partial<NewAlert> = {}): NewAlert => ({
  ...{
    id: uuidv7(new Date()),
    incidentId,
    source: 'alertmanager',
    externalId: uuidv7(new Date()),
    fingerprint: 'f',
    scope: 'service:checkout',
  },
  ...{ service: 'checkout', site: null, namespace: null, labels: { service: 'checkout' }, changes: [], severity: null, urgency: 'high' },
  ...{ title: 't', url: null, joinedBy: 'opened', status: 'firing', endsAt: null },
  statusAt: new Date().toISOString(),
  startsAt: new Date().toISOString(),
  ...change,
});
const insert = (alert: NewAlert) => inTransaction(db.pool, (tx) => insertAlert(tx, alert));

test('an alert is stored once, under one incident; what it said is for good', async () => {
  const [one, two] = [await open(), await open()];
  await insert(alertOf(one, { externalId: 'x' }));
  await expect(insert(alertOf(two, { externalId: 'x' }))).rejects.toMatchObject({ code: 'rejected' });
  await insert(alertOf(two, { externalId: 'x', source: 'pagerduty' }));
  await expect(app.query("UPDATE alerts SET title = 'another'")).rejects.toMatchObject({ code: '42501' });
  await expect(app.query('DELETE FROM alerts')).rejects.toMatchObject({ code: '42501' });
  await expect(db.force('DELETE FROM alerts')).rejects.toMatchObject({ code: '23001' });
  await expect(db.force("UPDATE alert_events SET line = 'x'")).rejects.toMatchObject({ code: '23001' });
  await expect(insert(alertOf('nobody'))).rejects.toMatchObject({ code: 'rejected' });
});

test('what is resolved has an end, and nothing else has', async () => {
  const id = await open();
  await expect(insert(alertOf(id, { status: 'resolved' }))).rejects.toMatchObject({
    code: 'rejected',
    constraint: 'alerts_resolved_has_end',
  });
  await expect(insert(alertOf(id, { endsAt: new Date().toISOString() }))).rejects.toMatchObject({ code: 'rejected' });
});

test('the list is in the order of arrival, and its cursor neither repeats nor skips; the foremost come first', async () => {
  const id = await open();
  const sent = Array.from({ length: 7 }, (_, index) =>
    alertOf(id, {
      urgency: index === 1 ? 'low' : 'high',
      ...(index < 2 ? {} : { status: 'resolved' as const, endsAt: new Date().toISOString() }),
      joinedBy: index === 6 ? 'own' : 'service',
    }),
  );
  for (const alert of sent) await insert(alert);
  const paged: string[] = [];
  for (let after = 0; ; ) {
    const page = await store.alerts.list(id, after, 3);
    if (page.length === 0) break;
    paged.push(...page.map((alert) => alert.id));
    after = page.at(-1)?.position ?? 0;
  }
  expect(paged).toEqual(sent.filter(({ joinedBy }) => joinedBy !== 'own').map((alert) => alert.id));
  expect((await store.alerts.foremost(id, 3)).map((alert) => alert.id)).toEqual([sent[0], sent[1], sent[2]].map((alert) => alert?.id));
  expect(await store.alerts.count(id)).toEqual(
    expect.arrayContaining([
      { source: 'alertmanager', status: 'firing', count: 2 },
      { source: 'alertmanager', status: 'resolved', count: 4 },
    ]),
  );
});

test('however many ask for the board at once, one event is open for it, and nothing that came in is left unshown', async () => {
  const id = await open();
  const asked = () =>
    Promise.all(
      Array.from({ length: 20 }, () => inTransaction(db.pool, (tx) => askBoard(tx, id, testRedactor, { added: null, outstanding: false }))),
    );
  const openEvents = async () =>
    (await db.force(`SELECT FROM inbox WHERE source = 'alerts' AND handled_at IS NULL AND body ->> 'incidentId' = '${id}'`)).rowCount;
  await asked();
  expect(await openEvents()).toBe(1);
  const seen = await store.alerts.board(id);
  await asked();
  expect(await openEvents()).toBe(1);
  // Handled as of what was seen: what came in meanwhile asks for another event, after a pause.
  await db.force("UPDATE inbox SET handled_at = now() WHERE source = 'alerts'");
  await store.alerts.settleBoard(id, seen?.wanted ?? 0, 0, 0);
  expect(await openEvents()).toBe(1);
  await db.force("UPDATE inbox SET handled_at = now() WHERE source = 'alerts'");
  await store.alerts.settleBoard(id, (await store.alerts.board(id))?.wanted ?? 0, 0, 0);
  expect(await openEvents()).toBe(0);
});

test('what people do is leased before what machines report', async () => {
  await db.force('UPDATE inbox SET handled_at = now()');
  const group = { version: '4' as const, groupKey: 'g', truncatedAlerts: 0, alerts: [] };
  for (let n = 0; n < 3; n += 1) await store.inbox.receive({ kind: 'alertmanager.group', dedupeKey: `m${n}`, tokenId: 't', group });
  await store.inbox.receive({ kind: 'wake', dedupeKey: 'person', incidentId: 'i', reason: 'vote' });
  expect((await store.inbox.lease(1)).map(({ event }) => event.kind)).toEqual(['wake']);
});
