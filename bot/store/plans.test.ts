import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import type { PlanState, StepRecord } from '../../workflows/contracts/plan.ts';
import type { RequestEvent } from '../../workflows/request-state.ts';
import { possibleMoves } from '../../workflows/request-state-testing.ts';
import { alice, decisionOf, newIncident, observationOf, planOf, seed, voteOf } from './fixtures.ts';
import { settlePlan } from './plan-store.ts';
import { lockPlan } from './plans.ts';
import { inTransaction } from './pool.ts';
import type { Store } from './store.ts';
import { createTestDatabase, type TestDatabase } from './testing.ts';
import { insertVote } from './votes.ts';

let db: TestDatabase;
let store: Store;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
});
afterAll(() => db.close());

const step = (planId: string, change: Partial<StepRecord>): StepRecord => ({
  planId,
  stepId: 's1',
  state: 'running',
  before: null,
  output: null,
  verification: null,
  rollbackOutput: null,
  rollbackVerification: null,
  reason: null,
  ...change,
});

test('a plan comes back as it went in, with its hash and a pending step', async () => {
  const { plan, requestHash, before } = await seed(store);
  const stored = await store.plans.get(plan.id);
  const steps = [step(plan.id, { state: 'pending', before })];
  expect(stored).toEqual({ plan, requestHash, state: 'pending', votes: [], steps, breakGlass: null });
  expect(contentHash(stored.plan)).toBe(requestHash);
});

test('saving twice stores once; the same id with another hash is refused', async () => {
  const { plan, requestHash } = await seed(store);
  await store.plans.save(plan, requestHash, decisionOf(plan));
  expect(await store.audit.list({ planId: plan.id, kind: 'plan.proposed' }, 0, 10)).toHaveLength(1);
  await expect(store.plans.save(plan, sha256Hex('other'), decisionOf(plan))).rejects.toMatchObject({ code: 'invalid_transition' });
});

test('a new plan supersedes the undecided ones of its incident', async () => {
  const { incident, plan, before } = await seed(store);
  const next = planOf(incident.id, before);
  await store.plans.save(next, contentHash(next), decisionOf(next));
  expect((await store.plans.get(plan.id)).state).toBe('superseded');
  expect((await store.plans.pending(100)).map((stored) => stored.plan.id)).toContain(next.id);
  expect((await store.plans.ids([incident.id])).get(incident.id)).toEqual([plan.id, next.id]);
});

describe('a plan', () => {
  const settling = {
    rejected: { kind: 'answer', verdict: 'reject', quorum: false },
    changes_requested: { kind: 'answer', verdict: 'request_changes', quorum: false },
    superseded: { kind: 'supersede' },
    cancelled: { kind: 'cancel' },
    failed: { kind: 'break' },
  } as const satisfies Partial<Record<PlanState, RequestEvent>>;

  test.each(Object.entries(settling))('that is %s stays so', async (state, event) => {
    const { plan } = await seed(store);
    expect(await store.plans.settle(plan.id, event, 'because')).toBe(state);
    const later = [event, { kind: 'automatic' }, { kind: 'start' }, { kind: 'end', outcome: 'done' }, { kind: 'expire' }] as const;
    for (const more of later) expect(await store.plans.settle(plan.id, more, 'no')).toBeNull();
    expect((await store.plans.get(plan.id)).state).toBe(state);
    expect(await store.audit.list({ planId: plan.id, kind: `plan.${state}` }, 0, 10)).toHaveLength(1);
  });

  test('is not executed without having been approved', async () => {
    const { plan } = await seed(store);
    expect(await store.plans.settle(plan.id, { kind: 'start' }, '')).toBeNull();
    await expect(db.force(`UPDATE plans SET state = 'executing' WHERE id = '${plan.id}'`)).rejects.toThrow(/cannot become executing/);
  });

  test('moves in the database as in the state machine, and in no other way', async () => {
    const { rows } = await db.force('SELECT from_state, to_state FROM plan_transitions ORDER BY 1, 2');
    expect(rows.map(({ from_state, to_state }) => `${from_state} ${to_state}`)).toEqual(possibleMoves());
  });

  test.each([
    'body = body || \'{"goal": "other"}\'',
    `request_hash = '${sha256Hex('x')}'`,
    "expires_at = now() + interval '1 year'",
    "created_at = now() - interval '1 year'",
  ])('cannot be changed by the superuser: %s', async (change) => {
    const { plan } = await seed(store);
    await expect(db.force(`UPDATE plans SET ${change} WHERE id = '${plan.id}'`)).rejects.toThrow(/is immutable/);
    await expect(db.force(`DELETE FROM plans WHERE id = '${plan.id}'`)).rejects.toThrow(/append-only/);
  });
});

describe('votes', () => {
  /** As the vote path does it: lock, record, count, decide. */
  const cast = (planId: string, vote: ReturnType<typeof voteOf>, needed: number) =>
    inTransaction(db.pool, async (tx) => {
      await lockPlan(tx, planId);
      if (!(await insertVote(tx, vote))) return 'repeated';
      await store.record(tx, {
        kind: 'vote.recorded',
        actor: { kind: 'person', id: vote.person },
        incidentId: null,
        planId,
        ids: { vote: vote.id },
      });
      const { votes } = await lockPlan(tx, planId);
      if (votes.length < needed) return 'waiting';
      return (
        (await settlePlan(tx, store, planId, {
          event: { kind: 'answer', verdict: 'approve', quorum: true },
          reason: 'quorum',
          actor: alice,
        })) ?? 'settled'
      );
    });

  test('two voters at once make one transition', async () => {
    const { plan } = await seed(store);
    const outcomes = await Promise.all(['bob', 'carol'].map((person) => cast(plan.id, voteOf(plan, person), 2)));
    expect(outcomes.toSorted()).toEqual(['approved', 'waiting']);
    expect(await store.audit.list({ planId: plan.id, kind: 'plan.approved' }, 0, 10)).toHaveLength(1);
  });

  test('one person counts once, through whatever channel', async () => {
    const { plan } = await seed(store);
    const channels = ['slack', 'linear', 'api', 'web'] as const;
    const outcomes = await Promise.all(channels.map((channel) => cast(plan.id, voteOf(plan, 'bob', { channel }), 2)));
    expect(outcomes.toSorted()).toEqual(['repeated', 'repeated', 'repeated', 'waiting']);
    expect(await store.votes.list(plan.id)).toHaveLength(1);
  });

  test('a vote for another hash cannot be stored', async () => {
    const { plan } = await seed(store);
    await expect(cast(plan.id, voteOf(plan, 'bob', { requestHash: sha256Hex('stale') }), 1)).rejects.toMatchObject({ code: 'rejected' });
    expect(await store.votes.list(plan.id)).toEqual([]);
  });
});

describe('a step', () => {
  const evidence = async () => {
    const seeded = await seed(store);
    const [output = '', verification = ''] = await Promise.all([1, 2].map(() => store.observations.put(observationOf(seeded.incident.id))));
    return { ...seeded, output, verification };
  };

  test('is done with evidence before, output and verification', async () => {
    const { plan, before, output, verification } = await evidence();
    await store.plans.recordStep(step(plan.id, { state: 'done', before, output, verification }));
    expect((await store.plans.get(plan.id)).steps).toMatchObject([{ state: 'done', verification }]);
    expect(await store.audit.list({ planId: plan.id, kind: 'step.done' }, 0, 10)).toMatchObject([
      { body: { data: { operation: 'kubernetes.rollout_undo', output } } },
    ]);
  });

  test.each(['before', 'output', 'verification'] as const)('is not done without %s', async (missing) => {
    const { plan, before, output, verification } = await evidence();
    const record = { ...step(plan.id, { state: 'done', before, output, verification }), [missing]: null };
    await expect(store.plans.recordStep(record)).rejects.toMatchObject({ code: 'rejected', constraint: 'plan_steps_done_has_evidence' });
  });

  test('one observation cannot serve as output and verification', async () => {
    const { plan, before, output } = await evidence();
    await expect(store.plans.recordStep(step(plan.id, { state: 'done', before, output, verification: output }))).rejects.toMatchObject({
      code: 'rejected',
    });
  });

  test('cannot borrow evidence of another incident, or invent it', async () => {
    const { plan, before, output } = await evidence();
    const other = await evidence();
    await expect(
      store.plans.recordStep(step(plan.id, { state: 'done', before, output, verification: other.verification })),
    ).rejects.toMatchObject({ code: 'rejected' });
    await expect(
      store.plans.recordStep(step(plan.id, { state: 'done', before, output, verification: sha256Hex('none') })),
    ).rejects.toMatchObject({ code: 'rejected' });
  });

  test('is rolled back only with the output and verification of the rollback', async () => {
    const { plan, before, output, verification } = await evidence();
    await expect(store.plans.recordStep(step(plan.id, { state: 'rolled_back', before, rollbackOutput: output }))).rejects.toMatchObject({
      code: 'rejected',
    });
    await store.plans.recordStep(
      step(plan.id, { state: 'rolled_back', before, rollbackOutput: output, rollbackVerification: verification }),
    );
  });

  test('recorded twice is audited once', async () => {
    const { plan, before } = await evidence();
    await store.plans.recordStep(step(plan.id, { before }));
    await store.plans.recordStep(step(plan.id, { before }));
    expect(await store.audit.list({ planId: plan.id, kind: 'step.running' }, 0, 10)).toHaveLength(1);
  });
});

describe('a grant', () => {
  const issue = async (exp: number) => {
    const { plan } = await seed(store);
    const claims = {
      jti: plan.id,
      planId: plan.id,
      stepId: 's1',
      site: 'shop',
      operation: 'kubernetes.rollout_undo',
      inputSha256: sha256Hex('x'),
      exp,
    };
    await store.plans.issueGrant(claims);
    await store.plans.settle(plan.id, { kind: 'automatic' }, 'test');
    await store.plans.settle(plan.id, { kind: 'start' }, 'test');
    return claims;
  };
  const runner = { kind: 'service_token', id: 'runner-1' } as const;
  const inFiveMinutes = () => Math.floor(Date.now() / 1000) + 300;

  test('is claimed once under twenty claims at a time', async () => {
    const { jti } = await issue(inFiveMinutes());
    const results = await Promise.all(Array.from({ length: 20 }, () => store.grants.claim(jti, runner, 'shop-1')));
    expect(results.filter((result) => result.kind === 'claimed')).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'already_claimed')).toHaveLength(19);
    expect(await store.audit.list({ planId: jti, kind: 'grant.claimed' }, 0, 10)).toMatchObject([{ body: { actor: runner } }]);
  });

  test('is not claimed after its expiry, nor when it is unknown', async () => {
    const { jti } = await issue(Math.floor(Date.now() / 1000) - 1);
    expect(await store.grants.claim(jti, runner, 'shop-1')).toEqual({ kind: 'expired' });
    await expect(store.grants.claim('nope', runner, 'shop-1')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('cannot be made claimable again, even by the superuser', async () => {
    const { jti } = await issue(inFiveMinutes());
    await expect(db.force(`UPDATE grants SET expires_at = now() + interval '1 day' WHERE jti = '${jti}'`)).rejects.toThrow(/changes once/);
    await store.grants.claim(jti, runner, 'shop-1');
    await expect(db.force(`UPDATE grants SET claimed_at = NULL, claimed_by = NULL WHERE jti = '${jti}'`)).rejects.toThrow(/changes once/);
  });

  test('is not claimed once its plan is over', async () => {
    const { jti } = await issue(inFiveMinutes());
    await store.plans.settle(jti, { kind: 'end', outcome: 'failed' }, 'test');
    expect(await store.grants.claim(jti, runner, 'shop-1')).not.toMatchObject({ kind: 'claimed' });
  });

  test('that was burnt cannot be claimed; one that was claimed cannot be burnt', async () => {
    const unused = await issue(inFiveMinutes());
    expect(await store.plans.burnGrant(unused.jti)).toBe(true);
    expect(await store.plans.burnGrant(unused.jti)).toBe(true);
    expect(await store.grants.claim(unused.jti, runner, 'shop-1')).toEqual({ kind: 'already_claimed' });
    const used = await issue(inFiveMinutes());
    await store.grants.claim(used.jti, runner, 'shop-1');
    expect(await store.plans.burnGrant(used.jti)).toBe(false);
  });

  test('counts as a write of the last hour once a runner has claimed it', async () => {
    const before = await store.plans.writesLastHour();
    const claimed = await issue(inFiveMinutes());
    const unused = await issue(inFiveMinutes());
    await store.grants.claim(claimed.jti, runner, 'shop-1');
    await store.plans.burnGrant(unused.jti);
    expect(await store.plans.writesLastHour()).toBe(before + 1);
  });
});

describe('a finding', () => {
  test('needs a supporting observation of its own incident', async () => {
    const { incident } = await store.incidents.open(newIncident(), alice);
    const other = await seed(store);
    const own = await store.observations.put(observationOf(incident.id));
    const { findingOf } = await import('./fixtures.ts');
    const contradicted = findingOf(own, { edges: [{ observation: own, relation: 'contradicts', excerpt: 'it runs' }] });
    await expect(store.findings.save(incident.id, [contradicted])).rejects.toMatchObject({ code: 'rejected' });
    await expect(store.findings.save(incident.id, [findingOf(other.before)])).rejects.toMatchObject({ code: 'rejected' });
    expect(await store.findings.listForIncident(incident.id)).toEqual([]);
    const good = findingOf(own);
    await store.findings.save(incident.id, [good]);
    await store.findings.save(incident.id, [good]);
    expect(await store.findings.listForIncident(incident.id)).toEqual([good]);
    expect(await store.audit.list({ incidentId: incident.id, kind: 'finding.saved' }, 0, 10)).toHaveLength(1);
  });
});
