import { expect, test } from 'vitest';
import type { PolicyDecision } from '../../policy/contract.ts';
import type { Evaluation } from '../../policy/decide.ts';
import { loadCommittedPolicy } from '../../policy/load.ts';
import { brokenPromises, safetyTable } from './safety.ts';
import { approval, breakGlass, egress, execute, tally, vote, withBrokenGlass } from './safety-questions.ts';

const policy = await loadCommittedPolicy();
const answers = (change: (evaluation: Evaluation) => Evaluation) => safetyTable.map(({ input }) => change(policy.evaluate(input)));
const decided = (change: Partial<PolicyDecision>) =>
  answers((evaluation) =>
    evaluation.kind === 'decided' ? { kind: 'decided', decision: { ...evaluation.decision, ...change } } : evaluation,
  );

test('the built-in policy keeps every promise', () => {
  expect(brokenPromises(answers((evaluation) => evaluation))).toEqual([]);
});

test("every question but the one that is none is well formed, so that the answer is the policy's", () => {
  const failed = safetyTable.filter(({ input }) => policy.evaluate(input).kind === 'failed');
  expect(failed.map(({ name }) => name)).toEqual(['what is no question is denied']);
});

test.each([vote({}), execute({}), tally([approval('bob'), approval('carol')]), breakGlass({}), withBrokenGlass({}), egress({})])(
  'what is changed in each promise is what is denied: the plain $question is allowed',
  (input) => {
    expect(policy.decide(input).verdict).toBe('allow');
  },
);

test('a policy that denies everything is useless, and safe', () => {
  expect(brokenPromises(decided({ verdict: 'deny' }))).toEqual([]);
});

test('a policy that allows everything breaks every promise about a question', () => {
  expect(brokenPromises(decided({ verdict: 'allow' }))).toHaveLength(safetyTable.length - 1);
});

test.each([
  [
    'asks for one where two are needed',
    { approvals: { needed: 1, roles: ['approver'], excludeRequester: true, groups: [] } },
    'high needs two others',
  ],
  [
    'lets the requester approve',
    { approvals: { needed: 2, roles: ['approver'], excludeRequester: false, groups: [] } },
    'medium needs somebody other',
  ],
])('a policy that %s is named by the promise that it breaks', (_, change, name) => {
  const broken = brokenPromises(
    answers((evaluation) =>
      evaluation.kind === 'decided' && evaluation.decision.verdict === 'needs_approval'
        ? { kind: 'decided', decision: { ...evaluation.decision, ...change } }
        : evaluation,
    ),
  );
  expect(broken.join()).toContain(name);
});

test('a policy that gives no answer is refused, although no answer is a denial', () => {
  const silent = safetyTable.map((): Evaluation => ({ kind: 'failed', rule: 'policy.undefined', reason: 'policy gave no decision' }));
  expect(brokenPromises(silent)).toHaveLength(safetyTable.length);
});
