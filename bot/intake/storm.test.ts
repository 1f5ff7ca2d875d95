import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../store/pool.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createOutside, drained, pageBody, postPage, startReplica } from './testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** Cause → the services that alert because of it. Nothing of one depends on anything of another. */
const causes = { payment: ['payment', 'checkout'], catalog: ['catalog'], batch: ['batch'] };
const perSecond = 100;
const total = 1_000;
const connections = 16;

test('1,000 webhooks in 10 s to two replicas: as many incidents and investigations as causes, and every alert once', async () => {
  const outside = createOutside();
  const pools = await Promise.all([createPool(db.url, silent), createPool(db.url, silent)]);
  const stores = pools.map((pool) => db.store({ pool }));
  const replicas = await Promise.all(stores.map((store) => startReplica({ store, outside })));
  const services = Object.values(causes).flat();
  const begun = Date.now();
  const pages = Array.from({ length: total }, (_, index) => ({
    id: `Q${index}`,
    // The cause is heard of before what suffers with it; from then on everything is mixed.
    service: services[index % services.length] ?? '',
    at: begun + (index / perSecond) * 1_000,
  }));
  const answers: { readonly status: number; readonly ms: number }[] = [];
  async function connection(number: number): Promise<void> {
    for (const [index, page] of pages.entries()) {
      if (index % connections !== number) continue;
      const early = page.at - Date.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      const started = performance.now();
      const status = await postPage(replicas[index % 2]?.url ?? '', pageBody({ page: page.id, service: page.service }));
      answers.push({ status, ms: performance.now() - started });
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, number) => connection(number)));
  const [store] = stores;
  if (store === undefined) throw new Error('no store');
  await drained(store);
  await Promise.all(replicas.map((replica) => replica.stop()));

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(5_000);
  const incidents = await store.incidents.list(null, 100);
  expect(incidents).toHaveLength(Object.keys(causes).length);
  expect(new Set(outside.started).size).toBe(incidents.length);
  expect(outside.started).toHaveLength(incidents.length);
  const rows = await db.force('SELECT external_id, incident_id, service FROM alerts');
  expect(new Set(rows.rows.map((row) => row.external_id)).size).toBe(total);
  expect(rows.rowCount).toBe(total);
  for (const services of Object.values(causes))
    expect(new Set(rows.rows.filter((row) => services.includes(row.service)).map((row) => row.incident_id)).size).toBe(1);
  // What the threads show in the end is what is stored.
  for (const { id } of incidents) {
    const shown = outside.shown.get(id);
    expect(shown?.firing).toBe(rows.rows.filter((row) => row.incident_id === id).length);
    expect(shown?.first).toHaveLength(10);
  }
  const audited = await db.force("SELECT count(*)::int AS n FROM audit_entries WHERE kind = 'pagerduty.triggered'");
  expect(audited.rows).toEqual([{ n: total }]);
  await Promise.all(pools.map((pool) => pool.end()));
});
