import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../policy/contract/basics.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { contentHash, sha256Hex } from '../../tools/canonical.ts';
import type { ApprovalNeed, Plan, Verdict } from '../../workflows/contracts/plan.ts';
import { isSettled } from '../../workflows/request-state.ts';
import { createDirectory } from '../people.ts';
import type { AuditEntry } from '../store/audit-list.ts';
import { alice, decisionOf, newIncident, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '../store/testing.ts';
import { createVotes } from './votes.ts';

const rolesOf: Readonly<Record<string, Role[]>> = {
  requester: ['responder', 'approver'],
  ann: ['approver'],
  ben: ['approver'],
  rob: ['responder'],
  vic: ['viewer'],
};
const staff = Object.keys(rolesOf);
const directory = createDirectory(
  staff.map((id) => ({ id, name: id, roles: rolesOf[id] ?? [], slack: { team: 'T1', user: `U${id.toUpperCase()}` }, linear: `lin-${id}` })),
);
const policy = await loadCommittedPolicy();

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const lifetimeMs = 1_800_000;
const need: ApprovalNeed = { ...planOf('', '').approval, needed: 2, roles: ['approver'], excludeRequester: true };

type Command =
  | {
      readonly kind: 'vote';
      readonly person: string;
      readonly verdict: Verdict;
      readonly channel: 'slack' | 'linear';
      readonly stale: boolean;
    }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'expire' | 'cancel' | 'start' | 'finish' | 'stop' | 'edit' | 'restart' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('vote' as const),
      person: fc.constantFrom(...staff),
      verdict: fc.constantFrom<Verdict>('approve', 'approve', 'approve', 'approve', 'reject', 'request_changes'),
      channel: fc.constantFrom('slack' as const, 'linear' as const),
      stale: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.constantFrom(1, lifetimeMs / 3, lifetimeMs) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('start', 'start', 'start', 'expire', 'cancel', 'finish', 'stop', 'edit', 'restart') }),
  },
) as fc.Arbitrary<Command>;

interface World {
  store: Store;
  nowMs: number;
  readonly incidentId: string;
  readonly before: string;
  /** The newest one; an edit makes another. */
  plan: Plan;
}

const clockOf = (world: { nowMs: number }) => () => new Date(world.nowMs);

async function propose(world: Pick<World, 'store' | 'nowMs' | 'incidentId' | 'before'>): Promise<Plan> {
  const plan = planOf(world.incidentId, world.before, {
    tier: 'high',
    approval: need,
    createdAt: new Date(world.nowMs).toISOString(),
    expiresAt: new Date(world.nowMs + lifetimeMs).toISOString(),
  });
  await world.store.plans.save(plan, contentHash(plan), decisionOf(plan));
  return plan;
}

async function create(): Promise<World> {
  const clock = { nowMs: Date.now() };
  const store = db.store({ now: clockOf(clock) });
  const { incident } = await store.incidents.open(newIncident({ requester: 'requester' }), alice);
  const before = await store.observations.put(observationOf(incident.id));
  const world = Object.assign(clock, { store, incidentId: incident.id, before });
  return Object.assign(world, { plan: await propose(world) });
}

const events = {
  expire: { kind: 'expire' },
  cancel: { kind: 'cancel' },
  start: { kind: 'start' },
  finish: { kind: 'end', outcome: 'done' },
  stop: { kind: 'end', outcome: 'stopped' },
} as const;

async function vote(world: World, { person, verdict, channel, stale }: Extract<Command, { kind: 'vote' }>): Promise<void> {
  const { store, plan } = world;
  const who =
    channel === 'slack'
      ? ({ kind: 'slack', team: 'T1', user: `U${person.toUpperCase()}` } as const)
      : ({ kind: 'linear', user: `lin-${person}` } as const);
  const requestHash = stale ? sha256Hex('another') : contentHash(plan);
  const votes = createVotes({ pool: db.pool, store, policy, directory });
  await votes.cast({ who, planId: plan.id, requestHash, verdict, reason: null, channel });
}

async function run(world: World, one: Command): Promise<void> {
  switch (one.kind) {
    case 'vote':
      return vote(world, one);
    case 'pause':
      world.nowMs += one.ms;
      return;
    case 'edit':
      world.plan = await propose(world);
      return;
    case 'restart':
      world.store = db.store({ now: clockOf(world) });
      return;
    default:
      await world.store.plans.settle(world.plan.id, events[one.kind], 'scripted');
  }
}

const kinds = (entries: readonly AuditEntry[]) => entries.map(({ body }) => body.kind);

/** Everything that is recorded of a plan, in its order, holds together. */
async function checkPlan({ store }: World, planId: string): Promise<void> {
  const { plan, state } = await store.plans.get(planId);
  const entries = await store.audit.list({ planId }, 0, 500);
  const moves = kinds(entries).filter((kind) => kind.startsWith('plan.') && kind !== 'plan.proposed');
  expect(moves.at(-1) ?? 'plan.pending').toBe(`plan.${state}`);
  expect(new Set(moves).size).toBe(moves.length);
  expect(moves.slice(0, -1).some((kind) => isSettled(kind.slice('plan.'.length) as never))).toBe(false);
  const start = kinds(entries).indexOf('plan.executing');
  if (start < 0) return;
  const upToStart = entries.slice(0, start);
  const recorded = upToStart.filter(({ body }) => body.kind === 'vote.recorded');
  expect(recorded.filter(({ body }) => body.data['verdict'] !== 'approve')).toEqual([]);
  const people = new Set(recorded.map(({ body }) => body.actor.id));
  expect(people.has('requester')).toBe(false);
  const counted = [...people].filter((person) => rolesOf[person]?.includes('approver'));
  expect(counted.length).toBeGreaterThanOrEqual(need.needed);
  const approval = upToStart.find(({ body }) => body.kind === 'plan.approved');
  for (const at of [approval?.body.at, entries[start]?.body.at]) expect(Date.parse(at ?? '')).toBeLessThan(Date.parse(plan.expiresAt));
}

test('no order of votes, duplicates, expiries, edits and restarts executes what was not approved', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 25 }), async (commands) => {
      const world = await create();
      for (const one of commands) await run(world, one);
      for (const { plan } of await world.store.plans.listForIncident(world.incidentId)) await checkPlan(world, plan.id);
    }),
    { numRuns: 60 },
  );
});

test('the same holds when everybody acts at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 15 }), async (commands) => {
      const world = await create();
      const { plan } = world;
      await Promise.all(commands.filter(({ kind }) => kind !== 'pause').map((one) => run({ ...world, plan }, one)));
      for (const stored of await world.store.plans.listForIncident(world.incidentId)) await checkPlan(world, stored.plan.id);
    }),
    { numRuns: 40 },
  );
});

test('the way that is meant: two approvals, then execution', async () => {
  const world = await create();
  const approve = (person: string) => run(world, { kind: 'vote', person, verdict: 'approve', channel: 'slack', stale: false });
  await approve('ann');
  await run(world, { kind: 'start' });
  expect((await world.store.plans.get(world.plan.id)).state).toBe('pending');
  await approve('ben');
  await run(world, { kind: 'start' });
  expect((await world.store.plans.get(world.plan.id)).state).toBe('executing');
  await checkPlan(world, world.plan.id);
});
