import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Role } from '../../policy/contract/basics.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import type { ApprovalNeed, Plan, Verdict } from '../../workflows/contracts/plan.ts';
import { createDirectory } from '../people.ts';
import type { VoteChoices, VoteRequest, Votes } from '../ports.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createVotes } from './votes.ts';

const rolesOf: Readonly<Record<string, Role[]>> = {
  requester: ['responder', 'approver'],
  ann: ['approver'],
  ben: ['approver'],
  cleo: ['admin'],
  rob: ['responder'],
  vic: ['viewer'],
};
const staff = Object.keys(rolesOf);
const directory = createDirectory(
  staff.map((id) => ({
    id,
    name: id,
    email: `${id}@shop.example`,
    roles: rolesOf[id] ?? [],
    slack: { team: 'T1', user: `U${id.toUpperCase()}` },
    pagerduty: `P${id.toUpperCase()}`,
    oidc: `sub-${id}`,
  })),
);

let db: TestDatabase;
let store: Store;
let votes: Votes & VoteChoices;
beforeAll(async () => {
  db = await createTestDatabase();
  store = db.store();
  votes = createVotes({ pool: db.pool, store, policy: await loadCommittedPolicy(), directory });
});
afterAll(() => db.close());

const medium: Partial<Plan> = { tier: 'medium', approval: { needed: 1, roles: ['approver', 'admin'], excludeRequester: true, groups: [] } };
const high: Partial<Plan> = { tier: 'high', approval: { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] } };

async function pending(change: Partial<Plan>): Promise<{ plan: Plan; requestHash: string; incidentId: string }> {
  const { incident } = await store.incidents.open(newIncident({ requester: 'requester' }), alice);
  const plan = planOf(incident.id, await store.observations.put(observationOf(incident.id)), change);
  const requestHash = contentHash(plan);
  await store.plans.save(plan, requestHash, decisionOf(plan));
  return { plan, requestHash, incidentId: incident.id };
}

function ballot(on: { plan: Plan; requestHash: string }, person: string, verdict: Verdict, change: Partial<VoteRequest> = {}): VoteRequest {
  const who = { kind: 'slack' as const, team: 'T1', user: `U${person.toUpperCase()}` };
  return { who, planId: on.plan.id, requestHash: on.requestHash, verdict, reason: null, channel: 'slack', ...change };
}

const stateOf = async (id: string) => (await store.plans.get(id)).state;
const audited = async (planId: string, kind: string) => (await store.audit.list({ planId, kind }, 0, 200)).map(({ body }) => body);

type Ballot = readonly [person: string, verdict: Verdict];

/** What must come of the ballots, one after the other. */
function expectedState(need: ApprovalNeed, ballots: readonly Ballot[]): string {
  const approvals = new Set<string>();
  const voted = new Set<string>();
  for (const [person, verdict] of ballots) {
    const roles = rolesOf[person] ?? [];
    if (voted.has(person) || !roles.some((role) => role !== 'viewer')) continue;
    if (verdict === 'reject') return 'rejected';
    if (verdict === 'request_changes') return 'changes_requested';
    if (person === 'requester' || !roles.some((role) => need.roles.includes(role))) continue;
    voted.add(person);
    approvals.add(person);
    if (approvals.size >= need.needed) return 'approved';
  }
  return 'pending';
}

const ballots = fc.array(
  fc.tuple(fc.constantFrom(...staff), fc.constantFrom('approve', 'approve', 'approve', 'reject', 'request_changes')),
  {
    minLength: 1,
    maxLength: 7,
  },
) as fc.Arbitrary<Ballot[]>;

describe('votes in any order', () => {
  test.each([
    ['medium', medium],
    ['high', high],
  ])('tier %s: the quorum is of distinct people with the role, without the requester; reject is final', async (_, change) => {
    await fc.assert(
      fc.asyncProperty(ballots, async (cast) => {
        const on = await pending(change);
        for (const [person, verdict] of cast) await votes.cast(ballot(on, person, verdict));
        expect(await stateOf(on.plan.id)).toBe(expectedState(on.plan.approval, cast));
      }),
      { numRuns: 40 },
    );
  });

  test('cast at once, they move the plan once', async () => {
    const on = await pending(high);
    const people = ['ann', 'ann', 'ben', 'ben', 'cleo', 'cleo'];
    const outcomes = await Promise.all(people.map((person) => votes.cast(ballot(on, person, 'approve'))));
    expect(outcomes.filter((outcome) => outcome.kind === 'recorded' && outcome.decided === 'approved')).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'recorded')).toHaveLength(2);
    expect(await audited(on.plan.id, 'plan.approved')).toHaveLength(1);
    expect((await store.plans.get(on.plan.id)).votes).toHaveLength(2);
  });
});

test('the same person through another channel is still one vote', async () => {
  const on = await pending(high);
  await votes.cast(ballot(on, 'ann', 'approve'));
  const again = await votes.cast(ballot(on, 'ann', 'approve', { who: { kind: 'oidc', subject: 'sub-ann' }, channel: 'api' }));
  expect(again).toEqual({ kind: 'repeated', person: 'ann' });
  expect(await stateOf(on.plan.id)).toBe('pending');
});

test('a vote keeps the place where it was cast; one that names none was cast elsewhere', async () => {
  const on = await pending(high);
  await votes.cast(ballot(on, 'ann', 'approve', { place: 'direct' }));
  await votes.cast(ballot(on, 'ben', 'approve'));
  expect((await store.plans.get(on.plan.id)).votes.map(({ person, place }) => [person, place])).toEqual([
    ['ann', 'direct'],
    ['ben', 'elsewhere'],
  ]);
  expect((await audited(on.plan.id, 'vote.recorded')).map(({ data }) => data['place'])).toEqual(['direct', 'elsewhere']);
});

describe('what a person could answer', () => {
  const choices = (on: { plan: Plan }, person: string) =>
    votes.choices({ kind: 'slack', team: 'T1', user: `U${person.toUpperCase()}` }, on.plan.id);
  const all = ['approve', 'reject', 'request_changes'];

  test.each([
    ['ann', all],
    ['requester', ['reject', 'request_changes']],
    ['rob', ['reject', 'request_changes']],
    ['vic', []],
    ['nobody', []],
  ])('%s: %j', async (person, expected) => {
    expect(await choices(await pending(medium), person)).toEqual(expected);
  });

  test('is nothing, once they have answered, or the request is settled or expired, and asking records nothing', async () => {
    const on = await pending(high);
    await votes.cast(ballot(on, 'ann', 'approve'));
    expect(await choices(on, 'ann')).toEqual([]);
    expect(await choices(on, 'ben')).toEqual(all);
    await votes.cast(ballot(on, 'rob', 'reject'));
    expect(await choices(on, 'ben')).toEqual([]);
    expect(await choices(await pending({ ...medium, expiresAt: '2026-01-01T00:00:00.000Z' }), 'ben')).toEqual([]);
    expect(await votes.choices({ kind: 'slack', team: 'T1', user: 'UBEN' }, 'nope')).toEqual([]);
    expect(await audited(on.plan.id, 'vote.refused')).toEqual([]);
  });
});

test('whoever had a part in the plan of a machine does not approve it; somebody else does', async () => {
  const { incident } = await store.incidents.open(newIncident({ requester: null }), alice);
  const plan = planOf(incident.id, await store.observations.put(observationOf(incident.id)), medium);
  const on = { plan, requestHash: contentHash(plan) };
  await store.plans.save(plan, on.requestHash, decisionOf(plan));
  await store.incidents.addRequesters(incident.id, ['ann', 'ann']);
  await store.incidents.addRequesters(incident.id, ['ann', 'rob']);
  expect((await store.incidents.get(incident.id)).coRequesters).toEqual(['ann', 'rob']);
  expect(await votes.cast(ballot(on, 'ann', 'approve'))).toMatchObject({
    kind: 'refused',
    code: 'not_allowed',
    message: expect.stringContaining("the requester's own approval does not count"),
  });
  expect(await votes.cast(ballot(on, 'ben', 'approve'))).toMatchObject({ kind: 'recorded', decided: 'approved' });
});

test('a vote wakes the workflow of its incident', async () => {
  const on = await pending(medium);
  await votes.cast(ballot(on, 'ann', 'approve'));
  const events = (await store.inbox.lease(200)).map(({ event }) => event);
  expect(events).toContainEqual(expect.objectContaining({ kind: 'wake', incidentId: on.incidentId, reason: 'vote' }));
});

describe('refused, audited, and without effect:', () => {
  const cases: Readonly<
    Record<string, { from: Ballot; change?: Partial<VoteRequest>; code: string; first?: Ballot; plan?: Partial<Plan> }>
  > = {
    "the requester's approval": { from: ['requester', 'approve'], code: 'not_allowed' },
    'an approval without the role': { from: ['rob', 'approve'], code: 'not_allowed' },
    "a viewer's reject": { from: ['vic', 'reject'], code: 'not_allowed' },
    'somebody unknown': { from: ['nobody', 'approve'], code: 'unknown_person' },
    'the right name from another workspace': {
      from: ['ann', 'approve'],
      change: { who: { kind: 'slack', team: 'T2', user: 'UANN' } },
      code: 'unknown_person',
    },
    'a service token': { from: ['ann', 'approve'], change: { who: { kind: 'service_token', tokenId: 'ci' } }, code: 'not_allowed' },
    "a service token's reject": { from: ['ann', 'reject'], change: { who: { kind: 'service_token', tokenId: 'ci' } }, code: 'not_allowed' },
    'the hash of another request': { from: ['ann', 'approve'], change: { requestHash: sha256Hex('other') }, code: 'stale' },
    'an expired request': { from: ['ann', 'approve'], code: 'expired', plan: { expiresAt: '2026-01-01T00:00:00.000Z' } },
    'a second thought': { from: ['ann', 'reject'], code: 'settled', first: ['ann', 'approve'], plan: high },
  };
  test.each(Object.entries(cases))('%s', async (_, { from: [person, verdict], change, code, first, plan }) => {
    const on = await pending({ ...medium, ...plan });
    if (first !== undefined) await votes.cast(ballot(on, ...first));
    const before = await store.plans.get(on.plan.id);
    expect(await votes.cast(ballot(on, person, verdict, change))).toMatchObject({ kind: 'refused', code });
    expect(await store.plans.get(on.plan.id)).toEqual(before);
    expect((await audited(on.plan.id, 'vote.refused')).map(({ data }) => data)).toContainEqual(expect.objectContaining({ code, verdict }));
  });

  test('the record says of a Slack account that nobody has linked what it lacks', async () => {
    const on = await pending(medium);
    await votes.cast(ballot(on, 'ann', 'approve', { who: { kind: 'slack', team: 'T1', user: 'UUNLINKED' } }));
    const [refusal] = (await store.audit.list({ planId: on.plan.id, kind: 'vote.refused' }, 0, 5)).map(({ data }) => data);
    expect(refusal?.['message']).toMatch(/linked to nobody: sign in once/);
  });

  test('whatever comes after a reject', async () => {
    const on = await pending(high);
    await votes.cast(ballot(on, 'rob', 'reject'));
    for (const person of ['ann', 'ben', 'cleo'])
      expect(await votes.cast(ballot(on, person, 'approve'))).toMatchObject({ kind: 'refused', code: 'settled' });
    expect(await stateOf(on.plan.id)).toBe('rejected');
  });

  test('a plan that does not exist', async () => {
    const on = await pending(medium);
    expect(await votes.cast(ballot(on, 'ann', 'approve', { planId: 'nope' }))).toMatchObject({ kind: 'refused', code: 'unknown_plan' });
  });
});

test('a reason is redacted before it is kept', async () => {
  const on = await pending(medium);
  await votes.cast(ballot(on, 'ann', 'reject', { reason: 'the password is hunter2' }));
  expect((await store.plans.get(on.plan.id)).votes[0]?.reason).toBe('the password is [masked]');
});

test('what policy was asked of a vote, and of all of them together, is in the decision log', async () => {
  const on = await pending(high);
  await votes.cast(ballot(on, 'ann', 'approve'));
  await votes.cast(ballot(on, 'vic', 'approve'));
  const rows = await store.decisions.list({ planId: on.plan.id }, null, 20);
  const asked = rows
    .filter(({ question }) => question === 'vote' || question === 'tally')
    .map(({ question, verdict }) => [question, verdict]);
  expect(asked.toSorted()).toEqual([
    ['tally', 'needs_approval'],
    ['vote', 'allow'],
    ['vote', 'deny'],
  ]);
});

test('whoever votes in Slack takes care of the incident, which its page is told; a vote elsewhere is only a vote', async () => {
  const on = await pending(high);
  const engaged = async () =>
    (await store.audit.list({ incidentId: on.incidentId, kind: 'person.engaged' }, 0, 10)).map(({ body }) => body.actor.id);
  await votes.cast(ballot(on, 'ann', 'approve', { who: { kind: 'oidc', subject: 'sub-ann' }, channel: 'api' }));
  expect(await engaged()).toEqual([]);
  await votes.cast(ballot(on, 'vic', 'approve'));
  expect(await engaged()).toEqual([]);
  await votes.cast(ballot(on, 'ben', 'approve'));
  expect(await engaged()).toEqual(['ben']);
});
