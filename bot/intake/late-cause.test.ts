import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../config-file.ts';
import { findingOf, observationOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createOutside, drained, type Outside, pageBody, postPage, type Replica, startReplica } from './testing.ts';

/** orders and search know nothing of each other; both need the database. */
const services = ['orders', 'search', 'database'].map(
  (name): Service => ({
    ...{ name, dependsOn: name === 'database' ? [] : ['database'], site: 'shop-eu', namespace: 'shop', owners: [] },
    ...{ pagerduty: `P${name.toUpperCase()}`, errorRateLimit: 0.05, verifyWithinSeconds: 60 },
  }),
);

let db: TestDatabase;
let store: Store;
let outside: Outside;
let replica: Replica;
beforeEach(async () => {
  db = await createTestDatabase();
  store = db.store();
  outside = createOutside();
  replica = await startReplica({ store, outside, services });
});
afterEach(async () => {
  await replica.stop();
  await db.close();
});

const page = async (id: string, service: string) => {
  expect(await postPage(replica.url, pageBody({ page: id, service }))).toBe(202);
  await drained(store);
};
const incidentOf = async (id: string) => {
  const alert = await store.alerts.find('pagerduty', id);
  if (alert === null) throw new Error(`no alert ${id}`);
  return store.incidents.get(alert.incidentId);
};
const linesOf = (incident: string) => outside.told.filter((told) => told.incident === incident).flatMap(({ lines }) => lines);

describe('a cause that is heard of after two of its victims', () => {
  test('makes one incident of them: every alert is under it, and both threads say so', async () => {
    await page('Q1', 'orders');
    await page('Q2', 'search');
    await page('Q3', 'search');
    const [first, second] = [await incidentOf('Q1'), await incidentOf('Q2')];
    expect(second.id).not.toBe(first.id);
    await page('Q4', 'database');
    for (const id of ['Q1', 'Q2', 'Q3', 'Q4']) expect((await incidentOf(id)).id).toBe(first.id);
    expect(await store.alerts.list(second.id, 0, 10)).toEqual([]);
    expect(linesOf(second.id).at(-1)).toContain(`Its 2 alerts are under “orders fails” (incident ${first.id})`);
    expect(linesOf(first.id).at(-1)).toContain('has the same cause, database. Its 2 alerts are here now.');
    expect(outside.shown.get(first.id)).toMatchObject({ firing: 4 });
    expect(outside.woken).toEqual([`${second.key} cancel`]);
    expect(await store.alerts.related(first.id)).toMatchObject([{ incidentId: second.id, kind: 'merged_from' }]);
    const pages = (await store.mirrorLinks.list(first.id)).map(({ externalId }) => externalId);
    expect(pages.toSorted()).toEqual(['Q1', 'Q2', 'Q3', 'Q4']);
    // The next one of either goes where its cause is, also after the other one has ended.
    await store.incidents.close(second.id, 'cancelled', 'merged');
    await page('Q5', 'search');
    expect((await incidentOf('Q5')).id).toBe(first.id);
  });

  test('links them where something was found already: nothing that people look at goes away', async () => {
    await page('Q1', 'orders');
    await page('Q2', 'search');
    const [first, second] = [await incidentOf('Q1'), await incidentOf('Q2')];
    await store.findings.save(second.id, [findingOf(await store.observations.put(observationOf(second.id)))]);
    await page('Q3', 'database');
    await page('Q4', 'database');
    expect((await incidentOf('Q2')).id).toBe(second.id);
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      expect(await store.alerts.related(one.id)).toMatchObject([{ incidentId: other.id, kind: 'same_cause' }]);
      expect(linesOf(one.id).filter((line) => line.includes('may have the same cause: database'))).toHaveLength(1);
    }
    expect(outside.woken).toEqual([]);
  });
});

describe('alerts that join an open incident', () => {
  test('are looked into together, after a while, and once', async () => {
    await page('Q1', 'database');
    expect(outside.looks).toEqual([]);
    await page('Q2', 'orders');
    await page('Q3', 'search');
    const { id, key } = await incidentOf('Q1');
    expect(outside.looks).toEqual([`${key} 1 5 min`]);
    const look = { alerts: 2, services: ['orders', 'search'] };
    expect(await store.looks.begin(id, 1)).toEqual(look);
    // Tried again after its answer was lost.
    expect(await store.looks.begin(id, 1)).toEqual(look);
    expect(await store.alerts.dueLook(id, 300)).toBeNull();
    await page('Q4', 'orders');
    expect(outside.looks).toEqual([`${key} 1 5 min`, `${key} 2 5 min`]);
    expect(await store.looks.begin(id, 2)).toEqual({ alerts: 1, services: ['orders'] });
    expect(await store.looks.begin(id, 1)).toBeNull();
    const kinds = (await store.audit.list({ incidentId: id }, 0, 100)).map(({ body }) => body.kind);
    expect(kinds.filter((kind) => kind === 'incident.looked_again')).toHaveLength(2);
  });

  test('long after the last look are looked into at once; of a closed incident, not at all', async () => {
    await page('Q1', 'database');
    await page('Q2', 'orders');
    const { id } = await incidentOf('Q1');
    await db.force(`UPDATE incidents SET created_at = created_at - interval '1 hour'`);
    expect(await store.alerts.dueLook(id, 300)).toEqual({ number: 1, waitMs: 0 });
    await store.incidents.close(id, 'unknown', 'over');
    expect(await store.alerts.dueLook(id, 300)).toBeNull();
    expect(await store.looks.begin(id, 1)).toBeNull();
  });
});
