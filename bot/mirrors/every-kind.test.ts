import { afterEach, beforeEach, expect, test } from 'vitest';
import { alice } from '../store/fixtures.ts';
import { inTransaction } from '../store/pool.ts';
import { type Kind, kinds } from './kinds.ts';
import { saidInLinear, saidInPagerDuty } from './said.ts';
import { type Bench, createBench } from './testing.ts';
import { propose } from './testing-lives.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

/** In the order of the table, but for the end. Those that `open` and `propose` record themselves are not recorded twice. */
const wanted = (Object.keys(kinds) as Kind[]).filter((kind) => !['incident.opened', 'plan.proposed', 'incident.closed'].includes(kind));

const ids = { verdict: 'approve', outcome: 'resolved', step: 's1', operation: 'kubernetes.rollout_undo' };

test('the ledgers of both peers hold what the audit log has, decision by decision, for every kind that there is', async () => {
  const incident = await bench.open();
  const plan = await propose(bench.store, incident.id);
  for (const kind of [...wanted, 'incident.closed' as const])
    await inTransaction(bench.store.pool, (tx) =>
      bench.store.record(tx, { kind, actor: alice, incidentId: incident.id, planId: plan.id, ids, words: { reason: 'because' } }),
    );
  bench.mirror();
  await bench.drained();
  const [linear, pagerduty] = [await bench.recorded(incident.id, 'linear'), await bench.recorded(incident.id, 'pagerduty')];
  const told = Object.values(kinds).filter((row) => 'linear' in row && row.linear !== 'quiet');
  expect(linear.length).toBeGreaterThanOrEqual(told.length);
  expect(saidInLinear(bench.linear.ledger())).toEqual(linear);
  expect(saidInPagerDuty(bench.pagerduty.ledger())).toEqual(pagerduty);
  const refused = await bench.store.outbox.list({ state: 'refused' }, 0, 100);
  expect(refused.filter(({ sink }) => sink === 'linear' || sink === 'pagerduty')).toEqual([]);
});
