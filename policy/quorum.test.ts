import fc from 'fast-check';
import { expect, it } from 'vitest';
import { automaticRule, type CountedVote, need, type Question, questionOf, steps, tighteningRule, votes } from './arbitraries.ts';
import { loadCommittedPolicy } from './load.ts';

const policy = await loadCommittedPolicy();
const plan = questionOf('medium needs one by another', 'plan');
const execute = questionOf('executes with its quorum', 'execute');
const tally = questionOf('one of one', 'tally');
const runs = { numRuns: 500 };
const tier = fc.constantFrom('low', 'medium', 'high');
const ofTier: Readonly<Record<string, { least: number; roles: readonly string[] }>> = {
  low: { least: 0, roles: ['responder', 'approver', 'admin'] },
  medium: { least: 1, roles: ['approver', 'admin'] },
  high: { least: 2, roles: ['approver'] },
};

it('the vote path and the execution of every step agree on whether a plan is approved', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.oneof(tighteningRule, automaticRule), { maxLength: 3 }), votes, (own, rules, cast) => {
      const question: Question<'plan'> = { ...plan, steps: own, autonomy: { rules } };
      const planned = policy.decide(question);
      fc.pre(planned.verdict !== 'deny');
      const counted = policy.decide({ ...tally, approvals: planned.approvals, tier: planned.tier, votes: cast });
      for (const step of own) {
        const run = policy.decide({
          ...execute,
          ...question,
          question: 'execute',
          steps: [step],
          approved: planned.approvals,
          votes: cast,
        });
        expect(run.verdict === 'allow').toBe(counted.verdict === 'allow');
      }
    }),
    runs,
  );
});

it('whatever a request asks for, execution needs no less than the vote path under the same policy', () => {
  fc.assert(
    fc.property(tier, need, votes, (name, approvals, cast) => {
      const counted = policy.decide({ ...tally, approvals, tier: name, votes: cast });
      const own = execute.steps.map((step) => ({ ...step, tier: name }));
      const run = policy.decide({ ...execute, steps: own, approved: approvals, votes: cast });
      if (run.verdict === 'allow') expect(counted.verdict).toBe('allow');
    }),
    runs,
  );
});

/** The rule in other words: who counts, and how many of them there are. */
function approved(
  name: string,
  { needed, roles, excludeRequester, groups }: typeof tally.approvals,
  cast: readonly CountedVote[],
): boolean {
  const { least, roles: accepted } = ofTier[name] ?? { least: 99, roles: [] };
  const counts = cast.filter(
    (vote) =>
      vote.verdict === 'approve' &&
      vote.roles.some((role) => roles.includes(role) && accepted.includes(role)) &&
      !(vote.person === 'alice' && (excludeRequester || name !== 'low')),
  );
  const people = (of: readonly CountedVote[]) => new Set(of.map((vote) => vote.person)).size;
  const ofGroup = (group: string) => people(counts.filter((vote) => vote.groups?.includes(group)));
  return people(counts) >= Math.max(needed, least) && (groups ?? []).every((need) => ofGroup(need.group) >= need.needed);
}

it('people count, not votes: with the role, other than the requester, and from the groups', () => {
  fc.assert(
    fc.property(tier, need, votes, (name, approvals, cast) => {
      const { verdict, reasons } = policy.decide({ ...tally, approvals, tier: name, votes: cast });
      const stopped = cast.some((vote) => vote.verdict !== 'approve');
      const expected = stopped ? 'deny' : approved(name, approvals, cast) ? 'allow' : 'needs_approval';
      expect(verdict, reasons.join()).toBe(expected);
    }),
    runs,
  );
});

it('an approval more never takes one away, and the order of votes does not matter', () => {
  fc.assert(
    fc.property(tier, need, votes, votes, (name, approvals, cast, more) => {
      const of = (all: readonly CountedVote[]) => policy.decide({ ...tally, approvals, tier: name, votes: [...all] });
      expect(of(cast.toReversed())).toEqual(of(cast));
      const approving = more.filter(({ verdict }) => verdict === 'approve');
      if (of(cast).verdict === 'allow') expect(of([...cast, ...approving]).verdict).toBe('allow');
    }),
    runs,
  );
});
