import { expect, test } from 'vitest';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { sha256Hex } from '../../tools/canonical.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { Incident } from '../contracts/incident.ts';
import { Plan, type Step } from '../contracts/plan.ts';
import type { StoredPlan } from '../ports.ts';
import { requestHash } from '../request-hash.ts';
import type { Autonomy, Deps } from './deps.ts';
import { judgePlan, judgeStep } from './judge.ts';

const policy = await loadCommittedPolicy();
const now = new Date('2026-11-23T12:00:00Z');
const incident = { id: 'i1', requester: 'erin' } as Incident;
const owners = 'owners:checkout';

const autonomy: Autonomy = {
  approvalMinutes: 30,
  rules: [{ mode: 'require', needed: 1, owners: 1 }],
  budgets: { stepsPerPlan: 5, targetsPerStep: 5, replicasPerStep: 10, percentPerStep: 100, writesPerHour: 5 },
  freezes: [],
  windows: [],
  timezone: 'UTC',
  breakGlass: null,
};

const standings: Readonly<Record<string, { roles: string[]; groups: string[] }>> = {
  ann: { roles: ['approver'], groups: [owners] },
  ben: { roles: ['approver'], groups: ['platform'] },
};

function depsWith(change: Partial<Autonomy> = {}): Deps {
  const service = { name: 'checkout', site: 'shop', namespace: 'shop', owners: ['ann'] };
  const deps: Pick<Deps, 'policy' | 'registry' | 'now' | 'autonomy' | 'standing' | 'membership'> & { estate: unknown; plans: unknown } = {
    policy,
    registry: createRegistry(),
    now: () => now,
    autonomy: { ...autonomy, ...change },
    standing: async (person) => standings[person] ?? null,
    membership: { check: async () => 'member' },
    estate: { sites: [{ name: 'shop', environment: 'production' }], services: [service], people: [] },
    plans: { writesLastHour: async () => 0 },
  };
  return deps as unknown as Deps;
}

const check = { title: 't', operation: 'kubernetes.get', input: {}, expect: [{ pointer: '/a', op: 'absent' as const }] };
const checks = [{ ...check, withinSeconds: 1, stableSeconds: 0 }];

function stepWith(change: Partial<Step> = {}): Step {
  return {
    id: 's1',
    operation: 'kubernetes.rollout_undo',
    site: 'shop',
    input: { kind: 'deployment', namespace: 'shop', name: 'checkout', toRevision: 2 },
    tier: 'medium',
    summary: 'Return',
    via: { kind: 'cli', binary: 'kubectl', argv: [], stdinSha256: null },
    state: { operation: 'kubernetes.get', input: {} },
    before: sha256Hex('before'),
    preconditions: [],
    probe: [{ pointer: '/a', op: 'absent' }],
    impact: { targets: 1, replicas: 3, percent: 100 },
    ownership: { kind: 'none', by: null },
    dryRun: { kind: 'shown', observation: sha256Hex('o'), diff: '', digest: sha256Hex('d') },
    verification: checks,
    rollback: { kind: 'none', reason: 'made up' },
    ...change,
  };
}

async function storedWith(deps: Deps, voters: readonly string[], step: Step): Promise<StoredPlan> {
  const { decision, bundle } = await judgePlan(deps, incident, [step]);
  const plan = Plan.parse({
    id: 'p1',
    incidentId: 'i1',
    playbook: 'p',
    goal: 'g',
    findings: [],
    steps: [step],
    tier: decision.tier,
    approval: decision.approvals,
    reasons: decision.reasons,
    policyBundle: bundle,
    redactionVersion: '1',
    nonce: 'n',
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + 60_000).toISOString(),
  });
  const hash = requestHash(plan);
  const votes = voters.map((person) => ({ person, verdict: 'approve', requestHash: hash }));
  return { plan, requestHash: hash, state: 'executing', votes, steps: [], breakGlass: null } as unknown as StoredPlan;
}

test("policy asks the owners of the step's service, and counts their votes", async () => {
  const deps = depsWith();
  const step = stepWith();
  const planned = await judgePlan(deps, incident, [step]);
  expect(planned.decision.approvals).toMatchObject({ needed: 1, groups: [{ group: owners, needed: 1 }] });
  expect((await judgeStep(deps, incident, await storedWith(deps, ['ann'], step), step)).decision.verdict).toBe('allow');
  const { decision } = await judgeStep(deps, incident, await storedWith(deps, ['ben'], step), step);
  expect(decision.reasons).toEqual([`not enough approvals count now: 1 of 1 approvals; 1 more from ${owners}`]);
});

test('who is nobody any more counts for nothing', async () => {
  const deps = depsWith({ rules: [] });
  const step = stepWith();
  expect((await judgeStep(deps, incident, await storedWith(deps, ['gone'], step), step)).decision.rules).toContain('quorum.missing');
});

test.each([
  ['more replicas than the budget', {}, { impact: { targets: 1, replicas: 11, percent: 100 } }, 'budget.replicas_per_step'],
  ['an impact that was never worked out', {}, { impact: null }, 'budget.impact'],
  ['a target that is no service', {}, { input: { namespace: 'shop', name: 'other' } }, 'autonomy.owners'],
  [
    'a freeze',
    { freezes: [{ name: 'year end', environments: ['production'], from: '2026-11-23T00:00:00Z', to: '2026-11-30T08:00:00Z' }] },
    {},
    'freeze.active',
  ],
  [
    'a window that is closed where it is, though open in UTC',
    { windows: [{ name: 'day', days: [1], from: '09:00', to: '17:00', timezone: 'America/New_York' }] },
    {},
    'window.closed',
  ],
])('%s denies', async (_, change, step, rule) => {
  const { decision } = await judgePlan(depsWith(change), incident, [stepWith(step)]);
  expect(decision).toMatchObject({ verdict: 'deny', rules: [rule] });
});

test('a window that is open where it is lets it through', async () => {
  const windows = [{ name: 'day', days: [1], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' }];
  expect((await judgePlan(depsWith({ windows }), incident, [stepWith()])).decision.verdict).toBe('needs_approval');
});

test('what is asked can be recorded: it has nothing that JSON has not', async () => {
  const freezes = [{ name: 'over', sites: ['shop'], from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }];
  const { input } = await judgePlan(depsWith({ freezes }), incident, [stepWith()]);
  expect(JSON.parse(JSON.stringify(input))).toStrictEqual(input);
});

test("whoever had a part in the plan does not complete the quorum of an alert's incident", async () => {
  const deps = depsWith();
  const step = stepWith();
  const opened = { ...incident, requester: null };
  const stored = await storedWith(deps, ['ann'], step);
  expect((await judgeStep(deps, opened, stored, step)).decision.verdict).toBe('allow');
  const { decision } = await judgeStep(deps, { ...opened, coRequesters: ['ann'] }, stored, step);
  expect(decision).toMatchObject({ verdict: 'deny', rules: expect.arrayContaining(['quorum.missing']) });
});
