import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice, newIncident } from '../store/fixtures.ts';
import { createTestDatabase, silent, type TestDatabase } from '../store/testing.ts';
import { createMetrics } from './metrics.ts';
import { startOutboxGauges } from './outbox-gauges.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('what waits, for how long, and what was refused, by sink', async () => {
  const store = db.store();
  await store.incidents.open(newIncident(), alice);
  await store.incidents.open(newIncident(), alice);
  await db.force("UPDATE outbox SET state = 'refused' WHERE sink = 'linear'");
  await db.force("UPDATE outbox SET created_at = now() - interval '2 minutes' WHERE sink = 'pagerduty'");
  const metrics = createMetrics('test');
  const gauges = startOutboxGauges({ outbox: store.outbox, metrics, log: silent, everyMs: 10 });
  const value = async (name: string, sink: string) => {
    const found = (await metrics.registry.getSingleMetric(name)?.get())?.values.find(({ labels }) => labels['sink'] === sink);
    return found?.value ?? null;
  };
  await expect.poll(() => value('watchkeeper_outbox_refused', 'linear')).toBe(2);
  expect(await value('watchkeeper_outbox_pending', 'linear')).toBe(0);
  expect(await value('watchkeeper_outbox_pending', 'pagerduty')).toBe(2);
  expect(await value('watchkeeper_outbox_oldest_seconds', 'pagerduty')).toBeGreaterThanOrEqual(120);
  gauges.stop();
});
