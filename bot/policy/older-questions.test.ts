import { expect, test } from 'vitest';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { asAskedNow } from './older-questions.ts';
import { execute, nowMs, plan } from './safety-questions.ts';

const policy = await loadCommittedPolicy();

const olderStep = {
  id: 's1',
  operation: 'kubernetes.rollout_undo',
  known: true,
  tier: 'low',
  site: { name: 'shop', environment: 'production' },
  namespace: 'shop',
  targetCount: 1,
  hasDryRun: true,
  reversible: true,
};
const olderPlan = {
  question: 'plan',
  nowMs,
  requester: 'alice',
  steps: [olderStep],
  autonomy: { rules: [] as object[] },
  budgets: { stepsPerPlan: 10, targetsPerStep: 5, writesPerHour: 20 },
  usage: { writesLastHour: 0 },
  freezes: [] as object[],
};
const olderExecution = {
  ...olderPlan,
  question: 'execute',
  votes: [{ person: 'bob', roles: ['approver'], verdict: 'approve' }],
  approved: { needed: 1, roles: ['approver'], excludeRequester: true },
  approvedBundle: '0'.repeat(64),
  requestHashMatches: true,
  expiresMs: nowMs + 1,
};

// 7 January 2026 12:00 UTC is a Wednesday.
const noon = { days: [3], fromMinute: 720, toMinute: 721 };
test.each([
  ['a plan', olderPlan, { verdict: 'needs_approval', rules: ['tier.low'] }],
  ['a step', olderExecution, { verdict: 'allow', rules: ['quorum.met', 'policy.changed'] }],
  [
    'a rule with a window',
    { ...olderPlan, autonomy: { rules: [{ mode: 'automatic', windows: [noon] }] } },
    { verdict: 'allow', rules: ['autonomy.automatic'] },
  ],
  [
    'a freeze',
    { ...olderPlan, freezes: [{ name: 'f', sites: ['*'], fromMs: 0, toMs: nowMs + 1 }] },
    { verdict: 'deny', rules: ['freeze.active'] },
  ],
  [
    'too many targets',
    { ...olderPlan, steps: [{ ...olderStep, targetCount: 6 }] },
    { verdict: 'deny', rules: ['budget.targets_per_step'] },
  ],
])('%s, as it was asked once, is decided as it was decided', (_, input, decision) => {
  expect(policy.evaluate(input).kind).toBe('failed');
  expect(policy.evaluate(asAskedNow(input))).toMatchObject({ kind: 'decided', decision });
});

test('what is asked in the form of now, or in none that is known, stays as it is', () => {
  for (const input of [plan('high'), execute({}), {}, null, 'x', { ...olderPlan, steps: [] }, { ...olderPlan, question: 'vote' }])
    expect(asAskedNow(input)).toBe(input);
});
