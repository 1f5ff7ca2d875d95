import type { PolicyDecision, PolicyInput } from '../../policy/contract.ts';

/** Well-formed questions that a sound policy would not deny for their form; each promise changes what it is about. */
type Question<Q extends PolicyInput['question']> = Extract<PolicyInput, { question: Q }>;
type Step = Question<'plan'>['steps'][number];

export const nowMs = Date.UTC(2026, 0, 7, 12);
const minute = 60_000;
export const flags = { foreignTeam: false, guest: false, bot: false, deactivated: false };
const needOfHigh = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };
export const needOfOwners = { ...needOfHigh, groups: [{ group: 'owners:checkout', needed: 1 }] };

export const step: Step = {
  id: 's1',
  operation: 'kubernetes.rollout_undo',
  known: true,
  tier: 'medium',
  site: { name: 'shop', environment: 'production' },
  namespace: 'shop',
  service: 'checkout',
  owners: 2,
  impact: { targets: 1, replicas: 3, percent: 100 },
  hasDryRun: true,
  reversible: true,
  ownership: { kind: 'none', by: null },
};

const common = {
  nowMs,
  requester: 'alice',
  autonomy: { rules: [] },
  budgets: { stepsPerPlan: 10, targetsPerStep: 5, replicasPerStep: 500, percentPerStep: 100, writesPerHour: 20 },
  usage: { writesLastHour: 0 },
  freezes: [],
  windows: [],
  clocks: { UTC: { day: 3, minute: 720 } },
};

export function plan(tier: string, change: Partial<Step> = {}, more: Partial<Question<'plan'>> = {}): Question<'plan'> {
  return { question: 'plan', ...common, breakGlassSettings: null, steps: [{ ...step, tier, ...change }], ...more };
}

type Vote = Question<'tally'>['votes'][number];

export function approval(person: string, change: Partial<Vote> = {}): Vote {
  return { person, roles: ['approver'], groups: [], verdict: 'approve', ...change };
}

export function execute(change: Partial<Question<'execute'>>): Question<'execute'> {
  return {
    question: 'execute',
    ...common,
    steps: [{ ...step, tier: 'high' }],
    votes: [approval('bob'), approval('carol')],
    approved: needOfHigh,
    approvedBundle: '0'.repeat(64),
    requestHashMatches: true,
    expiresMs: nowMs + minute,
    breakGlass: null,
    breakGlassSettings: { roles: ['approver', 'admin'], maxMinutes: 60 },
    ...change,
  };
}

export function vote(subject: Partial<Question<'vote'>['subject']>, change: Partial<Question<'vote'>> = {}): Question<'vote'> {
  return {
    question: 'vote',
    nowMs,
    subject: { person: 'bob', roles: ['approver'], groups: [], serviceToken: false, ...flags, ...subject },
    requester: 'alice',
    approvals: needOfHigh,
    tier: 'high',
    verdict: 'approve',
    expiresMs: nowMs + minute,
    ...change,
  };
}

export function tally(votes: Vote[], change: Partial<Question<'tally'>> = {}): Question<'tally'> {
  return {
    question: 'tally',
    nowMs,
    votes,
    requester: 'alice',
    approvals: needOfHigh,
    tier: 'high',
    expiresMs: nowMs + minute,
    ...change,
  };
}

export function breakGlass(
  subject: Partial<Question<'break_glass'>['subject']>,
  change: Partial<Question<'break_glass'>> = {},
): Question<'break_glass'> {
  return {
    question: 'break_glass',
    nowMs,
    subject: { person: 'dave', roles: ['admin'], groups: [], serviceToken: false, ...flags, ...subject },
    loginMs: nowMs - minute,
    reason: 'checkout is down and nobody answers',
    requester: 'alice',
    tier: 'high',
    minutes: 30,
    settings: { roles: ['approver', 'admin'], maxMinutes: 60 },
    ...change,
  };
}

type Glass = NonNullable<Question<'execute'>['breakGlass']>;

/** A step that nobody approved, and for which the glass was broken. */
export function withBrokenGlass(glass: Partial<Glass>, change: Partial<Question<'execute'>> = {}): Question<'execute'> {
  const broken = { person: 'dave', roles: ['admin'], atMs: nowMs - minute, untilMs: nowMs + 29 * minute, ...glass };
  return execute({ votes: [], breakGlass: broken, ...change });
}

export function egress(change: Partial<Question<'llm_egress'>>): Question<'llm_egress'> {
  const rules = [{ provider: 'openai', classes: ['finding', 'secret'] }];
  return { question: 'llm_egress', nowMs, provider: 'openai', dataClass: 'finding', rules, ...change };
}

export function denies({ verdict }: PolicyDecision): boolean {
  return verdict === 'deny';
}

/** Denied, or not decided yet. */
export function doesNotAllow({ verdict }: PolicyDecision): boolean {
  return verdict !== 'allow';
}

/** Denied, or approved by at least so many people, none of them the requester. */
export function needs(least: number): (decision: PolicyDecision) => boolean {
  return ({ verdict, approvals }) =>
    verdict === 'deny' || (verdict === 'needs_approval' && approvals.needed >= least && approvals.excludeRequester);
}
