import { expect, test } from 'vitest';
import { PlanState } from '../workflows/contracts/plan.ts';
import { settledCard } from './settled-card.ts';
import { hash, links, nameOf, readable, shown, vote } from './testing.ts';

const record = {
  planId: 'plan-1',
  stepId: 's1',
  state: 'done' as const,
  before: hash('1'),
  output: hash('2'),
  verification: hash('3'),
  rollbackOutput: null,
  rollbackVerification: null,
  reason: null,
};

test('a finished plan says who approved, when, and shows each step with its evidence', () => {
  expect(readable(settledCard({ ...shown, state: 'done', votes: [vote], steps: [record] }, links, nameOf))).toMatchInlineSnapshot(`
    "Done and verified
    *Goal:* Return checkout to the revision that worked
    1. \`kubernetes.rollout_undo\` on prod-eu: *done and verified* (before <https://wk.example/observations/1111111111111111111111111111111111111111111111111111111111111111|111111111111>, output <https://wk.example/observations/2222222222222222222222222222222222222222222222222222222222222222|222222222222>, verification <https://wk.example/observations/3333333333333333333333333333333333333333333333333333333333333333|333333333333>)
    \`kubectl --context prod-eu rollout undo deployment/checkout --to-revision=2\`
    *Alice Ahn* approved through slack <!date^1795442820^{date_short_pretty} {time}|2026-11-23 14:07 UTC>
    <https://wk.example/plans/plan-1|Plan plan-1> · request ffffffffffff"
  `);
});

test('no state has buttons, and every state has a block id of its own', () => {
  const states = PlanState.options.filter((state) => state !== 'pending');
  const cards = states.map((state) => settledCard({ ...shown, state }, links, nameOf));
  expect(cards.flatMap((card) => card.blocks).filter((block) => block.type === 'actions')).toEqual([]);
  expect(new Set(cards.map((card) => card.blocks.at(-1)?.block_id)).size).toBe(states.length);
});

test('a failed step says why', () => {
  const failed = { ...record, state: 'rolled_back' as const, reason: 'still 0 of 3 available <!here>' };
  expect(readable(settledCard({ ...shown, state: 'rolled_back', steps: [failed] }, links, nameOf))).toContain(
    '*rolled back*: still 0 of 3 available &lt;!here&gt;',
  );
});

test('a plan that runs by break-glass says who, why, until when, and that a review is due', () => {
  const breakGlass = {
    person: 'alice',
    reason: 'payments are down, nobody else <!here>',
    at: '2026-11-23T14:06:00.000Z',
    until: '2026-11-23T15:06:00.000Z',
  };
  const text = readable(settledCard({ ...shown, state: 'executing', breakGlass }, links, nameOf));
  expect(text).toContain('Break-glass by');
  expect(text).toContain('2026-11-23 15:06 UTC');
  expect(text).toContain('nobody else &lt;!here&gt;. A review by somebody else is due.');
});
