import type { PolicyDecision, PolicyInput } from '../../policy/contract.ts';
import type { Evaluation } from '../../policy/decide.ts';

/** A promise of the product that no operator's policy may break: a question, and what must hold of its answer. */
export interface SafetyRow {
  readonly name: string;
  readonly input: unknown;
  readonly holds: (decision: PolicyDecision) => boolean;
}

type Question<Q extends PolicyInput['question']> = Extract<PolicyInput, { question: Q }>;

const nowMs = Date.UTC(2026, 0, 7, 12);
const flags = { foreignTeam: false, guest: false, bot: false, deactivated: false };
const needOfHigh = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };

const step = {
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
};
type Step = typeof step;

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

const plan = (tier: string, change: Partial<Step> = {}, more: Partial<Question<'plan'>> = {}): Question<'plan'> => ({
  question: 'plan',
  ...common,
  steps: [{ ...step, tier, ...change }],
  ...more,
});

const approval = (person: string, verdict: 'approve' | 'reject' | 'request_changes' = 'approve') => ({
  person,
  roles: ['approver'],
  verdict,
});

const execute = (change: Partial<Question<'execute'>>): Question<'execute'> => ({
  question: 'execute',
  ...common,
  steps: [{ ...step, tier: 'high' }],
  votes: [approval('bob'), approval('carol')],
  approved: needOfHigh,
  approvedBundle: '0'.repeat(64),
  requestHashMatches: true,
  expiresMs: nowMs + 60_000,
  breakGlass: null,
  breakGlassSettings: { roles: ['approver', 'admin'], maxMinutes: 60 },
  ...change,
});

const vote = (subject: Partial<Question<'vote'>['subject']>, change: Partial<Question<'vote'>> = {}): Question<'vote'> => ({
  question: 'vote',
  nowMs,
  subject: { person: 'bob', roles: ['approver'], serviceToken: false, ...flags, ...subject },
  requester: 'alice',
  approvals: needOfHigh,
  tier: 'high',
  verdict: 'approve',
  expiresMs: nowMs + 60_000,
  ...change,
});

const denies = ({ verdict }: PolicyDecision): boolean => verdict === 'deny';

/** Denied, or approved by at least so many people, none of them the requester. */
const needs =
  (least: number) =>
  ({ verdict, approvals }: PolicyDecision): boolean =>
    verdict === 'deny' || (verdict === 'needs_approval' && approvals.needed >= least && approvals.excludeRequester);

const everythingAutomatic = { autonomy: { rules: [{ mode: 'automatic' as const }] } };

/** Design: autonomy table; approvals that nobody can talk around. */
export const safetyTable: readonly SafetyRow[] = [
  { name: 'what is no question is denied', input: {}, holds: denies },
  { name: 'an unknown operation is denied', input: plan('low', { known: false }), holds: denies },
  { name: 'a step of an unknown tier is denied', input: plan('harmless'), holds: denies },
  { name: 'a plan without steps is denied', input: plan('low', {}, { steps: [] }), holds: denies },
  { name: 'medium needs somebody other than the requester', input: plan('medium'), holds: needs(1) },
  { name: 'medium is never automatic', input: plan('medium', {}, everythingAutomatic), holds: needs(1) },
  { name: 'high needs two others', input: plan('high'), holds: needs(2) },
  { name: 'high is never automatic', input: plan('high', {}, everythingAutomatic), holds: needs(2) },
  { name: 'the vote of a service token is denied', input: vote({ serviceToken: true }), holds: denies },
  { name: 'the vote of nobody is denied', input: vote({ person: null }), holds: denies },
  { name: 'the vote of a bot is denied', input: vote({ bot: true }), holds: denies },
  { name: 'the vote of a guest is denied', input: vote({ guest: true }), holds: denies },
  { name: 'the vote of another organisation is denied', input: vote({ foreignTeam: true }), holds: denies },
  { name: 'the vote of a deactivated account is denied', input: vote({ deactivated: true }), holds: denies },
  { name: 'a vote without a role is denied', input: vote({ roles: [] }), holds: denies },
  { name: "the requester's own approval is denied", input: vote({ person: 'alice' }), holds: denies },
  { name: 'a vote after expiry is denied', input: vote({}, { expiresMs: nowMs }), holds: denies },
  { name: 'a step that nobody approved is denied', input: execute({ votes: [] }), holds: denies },
  { name: 'one approval of two is denied', input: execute({ votes: [approval('bob')] }), holds: denies },
  { name: 'one person twice is one', input: execute({ votes: [approval('bob'), approval('bob')] }), holds: denies },
  { name: 'the requester does not complete a quorum', input: execute({ votes: [approval('bob'), approval('alice')] }), holds: denies },
  {
    name: 'a rejection stops a step',
    input: execute({ votes: [approval('bob'), approval('carol'), approval('dan', 'reject')] }),
    holds: denies,
  },
  { name: 'a step of another request is denied', input: execute({ requestHashMatches: false }), holds: denies },
  { name: 'a step after expiry is denied', input: execute({ expiresMs: nowMs }), holds: denies },
  {
    name: 'a write is no read',
    input: {
      question: 'read',
      nowMs,
      operation: { name: 'kubernetes.delete', tier: 'high' },
      site: step.site,
      subject: { person: 'bob', roles: ['approver'], serviceToken: false },
    },
    holds: denies,
  },
  {
    name: 'an incident is not opened by a bot',
    input: { question: 'ask', nowMs, subject: { person: 'bob', roles: ['approver'], team: 'T1', ...flags, bot: true } },
    holds: denies,
  },
];

/** Names of the rows that do not hold. Where a question is well formed, no answer is a failure too: a policy has to say why. */
export function brokenPromises(evaluations: readonly Evaluation[]): readonly string[] {
  return safetyTable.flatMap(({ name, input, holds }, index) => {
    const evaluation = evaluations[index];
    if (evaluation?.kind === 'decided') return holds(evaluation.decision) ? [] : [name];
    const malformed = evaluation?.rule === 'question.malformed' && Object.keys(input as object).length === 0;
    return malformed ? [] : [`${name}: ${evaluation?.reason ?? 'no answer'}`];
  });
}
