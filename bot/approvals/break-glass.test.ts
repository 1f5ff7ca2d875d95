import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../policy/contract/basics.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import { createDirectory } from '../people.ts';
import type { BreakGlassPort, BreakGlassRequest, ReviewRequest } from '../ports.ts';
import { unreviewedBreakGlass } from '../store/break-glass.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createBreakGlass } from './break-glass.ts';
import { createReview } from './break-glass-review.ts';
import { createVotes } from './votes.ts';

const rolesOf: Readonly<Record<string, Role[]>> = { ann: ['approver'], ben: ['approver'], rob: ['responder'] };
const directory = createDirectory(Object.entries(rolesOf).map(([id, roles]) => ({ id, name: id, roles, oidc: `sub-${id}` })));
const policy = await loadCommittedPolicy();
const settings = { roles: ['approver', 'admin'], maxMinutes: 60 };

let db: TestDatabase;
let store: Store;
let glass: BreakGlassPort;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  const deps = { pool: db.pool, store, policy, directory, settings };
  glass = { ...createBreakGlass(deps), ...createReview(deps) };
});
afterAll(() => db.close());

async function pending() {
  const { incident } = await store.incidents.open(newIncident({ requester: 'ann' }), alice);
  const approval = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };
  const plan = planOf(incident.id, await store.observations.put(observationOf(incident.id)), { tier: 'high', approval });
  await store.plans.save(plan, contentHash(plan), decisionOf(plan));
  return plan;
}

const as = (person: string) => ({ kind: 'oidc', subject: `sub-${person}` }) as const;
const request = (planId: string, change: Partial<BreakGlassRequest> = {}): BreakGlassRequest => ({
  who: as('ann'),
  loginMs: Date.now() - 60_000,
  planId,
  requestHash: null,
  reason: 'payments are down and nobody else answers',
  minutes: 30,
  channel: 'api',
  ...change,
});
const review = (planId: string, change: Partial<ReviewRequest> = {}): ReviewRequest => ({
  who: as('ben'),
  planId,
  verdict: 'justified',
  note: 'nobody else was there',
  ...change,
});
const entries = async (planId: string, kind: string) =>
  (await store.audit.list({ planId, kind }, 0, 10)).map(({ body, data }) => ({ ...body, data }));

test('one person, the requester even, runs a plan that needs two others; it is audited with the reason, and wakes the workflow', async () => {
  const plan = await pending();
  const outcome = await glass.open(request(plan.id, { reason: 'hunter2 leaked, payments are down' }));
  expect(outcome).toMatchObject({ kind: 'broken', person: 'ann' });
  expect(await store.plans.get(plan.id)).toMatchObject({
    state: 'approved',
    votes: [],
    breakGlass: { person: 'ann', reason: '[masked] leaked, payments are down' },
  });
  const [used] = await entries(plan.id, 'break_glass.used');
  expect(used).toMatchObject({
    actor: { id: 'ann' },
    data: { reason: '[masked] leaked, payments are down', requestHash: contentHash(plan) },
  });
  expect(await entries(plan.id, 'plan.approved')).toMatchObject([{ data: { reason: 'break-glass by ann' } }]);
  const woken = await db.force(`SELECT 1 FROM inbox WHERE dedupe_key = 'break-glass:${plan.id}'`);
  expect(woken.rowCount).toBe(1);
  const [asked, ...others] = await store.decisions.list({ planId: plan.id, question: 'break_glass' }, null, 10);
  expect(asked).toMatchObject({ verdict: 'allow', bundle: policy.bundle, input: { reason: '[masked] leaked, payments are down' } });
  expect(others).toEqual([]);
  expect((await glass.open(request(plan.id))).kind).toBe('broken');
  expect(await entries(plan.id, 'break_glass.used')).toHaveLength(1);
});

describe('is refused, audited, and changes nothing', () => {
  const wrong: Record<string, [Partial<BreakGlassRequest>, RegExp]> = {
    'for a login of six minutes ago': [{ loginMs: Date.now() - 6 * 60_000 }, /login of the last 5 minutes/],
    'for a login that nobody knows of': [{ loginMs: null }, /login of the last 5 minutes/],
    'for a login of the future': [{ loginMs: Date.now() + 3_600_000 }, /login of the last 5 minutes/],
    'without a reason': [{ reason: '  because ' }, /reason of at least 10/],
    'for more than an hour': [{ minutes: 61 }, /1 to 60 minutes/],
    'for a responder': [{ who: as('rob') }, /takes the role/],
    'for another plan than the one that was read': [{ requestHash: sha256Hex('other') }, /not the plan/],
  };
  test.each(Object.entries(wrong))('%s', async (_, [change, words]) => {
    const plan = await pending();
    expect(await glass.open(request(plan.id, change))).toMatchObject({ kind: 'refused', message: expect.stringMatching(words) });
    expect(await store.plans.get(plan.id)).toMatchObject({ state: 'pending', breakGlass: null });
    expect(await entries(plan.id, 'break_glass.refused')).toHaveLength(1);
  });

  test('for whoever is no person', async () => {
    const plan = await pending();
    const outcome = await glass.open(request(plan.id, { who: { kind: 'service_token', tokenId: 't' } }));
    expect(outcome).toMatchObject({ kind: 'refused', code: 'unknown_person' });
    expect((await store.plans.get(plan.id)).state).toBe('pending');
  });

  test('after a rejection, which is final', async () => {
    const plan = await pending();
    const votes = createVotes({ pool: db.pool, store, policy, directory });
    await votes.cast({ who: as('ben'), planId: plan.id, requestHash: contentHash(plan), verdict: 'reject', reason: null, channel: 'api' });
    expect(await glass.open(request(plan.id))).toMatchObject({ kind: 'refused', code: 'settled' });
  });

  test('where it is off', async () => {
    const plan = await pending();
    const off = createBreakGlass({ pool: db.pool, store, policy, directory, settings: null });
    expect(await off.open(request(plan.id))).toMatchObject({ kind: 'refused', message: expect.stringContaining('off') });
    expect(await entries(plan.id, 'policy.denied')).toMatchObject([{ data: { question: 'break_glass', person: 'ann', verdict: 'deny' } }]);
    expect(await store.decisions.list({ planId: plan.id, question: 'break_glass', verdict: 'deny' }, null, 10)).toHaveLength(1);
  });
});

describe('the review that is due', () => {
  test('is by somebody else, once', async () => {
    const plan = await pending();
    await glass.open(request(plan.id));
    expect((await unreviewedBreakGlass(db.pool, 100)).map(({ planId }) => planId)).toContain(plan.id);
    expect(await glass.review(review(plan.id, { who: as('ann') }))).toMatchObject({ kind: 'refused', code: 'not_allowed' });
    expect(await glass.review(review(plan.id, { who: as('rob') }))).toMatchObject({ kind: 'refused', code: 'not_allowed' });
    expect(await glass.review(review(plan.id))).toMatchObject({ kind: 'reviewed', by: 'ben' });
    expect(await glass.review(review(plan.id, { verdict: 'not_justified' }))).toMatchObject({ kind: 'refused', code: 'settled' });
    expect(await entries(plan.id, 'break_glass.reviewed')).toMatchObject([{ actor: { id: 'ben' }, data: { verdict: 'justified' } }]);
    expect((await unreviewedBreakGlass(db.pool, 100)).map(({ planId }) => planId)).not.toContain(plan.id);
  });

  test('is of a use', async () => {
    const plan = await pending();
    expect(await glass.review(review(plan.id))).toMatchObject({ kind: 'refused', code: 'not_used' });
  });
});

describe('the database keeps to the rules by itself', () => {
  const insert = (planId: string, hash: string, change: Record<string, string>) => {
    const row = { login_at: 'now()', at: 'now()', until: "now() + interval '1 hour'", reason: "'a made-up reason'", ...change };
    return db.force(
      `INSERT INTO break_glass (plan_id, request_hash, person, ${Object.keys(row)}) VALUES ('${planId}', '${hash}', 'ann', ${Object.values(row)})`,
    );
  };
  test.each([
    ['an old login', { login_at: "now() - interval '6 minutes'" }],
    ['more than an hour', { until: "now() + interval '61 minutes'" }],
    ['no reason', { reason: "'   '" }],
  ])('%s', async (_, change) => {
    const plan = await pending();
    await expect(insert(plan.id, contentHash(plan), change)).rejects.toThrow(/check constraint/);
  });

  test('it is kept, and reviewed once', async () => {
    const plan = await pending();
    await glass.open(request(plan.id));
    await expect(db.force(`DELETE FROM break_glass WHERE plan_id = '${plan.id}'`)).rejects.toThrow(/append-only/);
    await expect(db.force(`UPDATE break_glass SET until = until WHERE plan_id = '${plan.id}'`)).resolves.toBeDefined();
    await expect(db.force(`UPDATE break_glass SET person = 'ben' WHERE plan_id = '${plan.id}'`)).rejects.toThrow(/changes once/);
    const by = (who: string) => `review_verdict = 'justified', review_note = 'x', reviewed_by = '${who}', reviewed_at = now()`;
    await expect(db.force(`UPDATE break_glass SET ${by('ann')} WHERE plan_id = '${plan.id}'`)).rejects.toThrow(/check constraint/);
  });
});
