import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automaticRule, changeWindow, freeze, type Question, questionOf, steps, tighteningRule } from './arbitraries.ts';
import type { PolicyDecision } from './contract.ts';
import { loadCommittedPolicy } from './load.ts';

const policy = await loadCommittedPolicy();
const base = questionOf('medium needs one by another', 'plan');
const anyRule = fc.oneof(tighteningRule, automaticRule);
const rules = fc.array(anyRule, { maxLength: 4 });

const plan = fc
  .record({ steps, rules, windows: fc.array(changeWindow, { maxLength: 2 }), freezes: fc.array(freeze, { maxLength: 1 }) })
  .map(({ rules: own, ...change }): Question<'plan'> => ({ ...base, ...change, autonomy: { rules: own } }));

const verdicts = ['allow', 'needs_approval', 'deny'];
const tiers = ['read', 'low', 'medium', 'high'];

function neededOf({ approvals }: PolicyDecision, group: string): number {
  return approvals.groups.find((need) => need.group === group)?.needed ?? 0;
}

/** Whatever gets through after it got through before, and asked for no more. */
function expectAsStrict(before: PolicyDecision, after: PolicyDecision): void {
  expect(verdicts.indexOf(after.verdict)).toBeGreaterThanOrEqual(verdicts.indexOf(before.verdict));
  if (after.verdict === 'deny') return;
  expect(tiers.indexOf(after.tier)).toBeGreaterThanOrEqual(tiers.indexOf(before.tier));
  expect(after.approvals.needed).toBeGreaterThanOrEqual(before.approvals.needed);
  expect(before.approvals.roles).toEqual(expect.arrayContaining(after.approvals.roles));
  expect(Number(after.approvals.excludeRequester)).toBeGreaterThanOrEqual(Number(before.approvals.excludeRequester));
  for (const { group, needed } of before.approvals.groups) expect(neededOf(after, group)).toBeGreaterThanOrEqual(needed);
}

const runs = { numRuns: 400 };

describe('configuration only ever tightens', () => {
  it('by a rule that denies, raises or requires, wherever it stands', () => {
    fc.assert(
      fc.property(plan, tighteningRule, fc.nat(), (question, rule, place) => {
        const more = question.autonomy.rules.toSpliced(place % (question.autonomy.rules.length + 1), 0, rule);
        expectAsStrict(policy.decide(question), policy.decide({ ...question, autonomy: { rules: more } }));
      }),
      runs,
    );
  });

  it('by a freeze', () => {
    fc.assert(
      fc.property(plan, freeze, (question, more) => {
        expectAsStrict(policy.decide(question), policy.decide({ ...question, freezes: [...question.freezes, more] }));
      }),
      runs,
    );
  });

  it('by change windows', () => {
    fc.assert(
      fc.property(plan, (question) => expectAsStrict(policy.decide({ ...question, windows: [] }), policy.decide(question))),
      runs,
    );
  });

  it('by a smaller budget', () => {
    const budget = fc.constantFrom('stepsPerPlan', 'targetsPerStep', 'replicasPerStep', 'percentPerStep', 'writesPerHour');
    fc.assert(
      fc.property(plan, budget, fc.nat(120), (question, name, limit) => {
        const budgets = { ...question.budgets, [name]: Math.min(limit, question.budgets[name as 'stepsPerPlan']) };
        expectAsStrict(policy.decide(question), policy.decide({ ...question, budgets }));
      }),
      runs,
    );
  });
});

it('a clock that is missing opens nothing', () => {
  const clock = fc.record({ day: fc.nat(6), minute: fc.nat(1439) });
  fc.assert(
    fc.property(plan, clock, clock, fc.subarray(['UTC', 'Europe/Berlin']), (question, utc, berlin, kept) => {
      const clocks = { UTC: utc, 'Europe/Berlin': berlin };
      const fewer = Object.fromEntries(Object.entries(clocks).filter(([zone]) => kept.includes(zone)));
      expectAsStrict(policy.decide({ ...question, clocks }), policy.decide({ ...question, clocks: fewer }));
    }),
    runs,
  );
});

it('no configuration lets medium or high run without the approval of others', () => {
  fc.assert(
    fc.property(plan, (question) => {
      const decision = policy.decide(question);
      if (decision.verdict === 'deny' || decision.tier === 'low') return;
      expect(decision).toMatchObject({ verdict: 'needs_approval', approvals: { excludeRequester: true } });
      expect(decision.approvals.needed).toBeGreaterThanOrEqual(decision.tier === 'high' ? 2 : 1);
      expect(
        decision.approvals.roles.every((role) => (decision.tier === 'high' ? ['approver'] : ['admin', 'approver']).includes(role)),
      ).toBe(true);
    }),
    runs,
  );
});

it('a plan counts at least as high as each of its steps', () => {
  fc.assert(
    fc.property(plan, (question) => {
      const highest = Math.max(...question.steps.map(({ tier, hasDryRun }) => Math.min(3, tiers.indexOf(tier) + (hasDryRun ? 0 : 1))));
      expect(tiers.indexOf(policy.decide(question).tier)).toBeGreaterThanOrEqual(highest);
    }),
    runs,
  );
});
