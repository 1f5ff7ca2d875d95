import { expect, test } from 'vitest';
import type { Similar } from '../workflows/contracts/memory.ts';
import { longSteps } from './card-budget.ts';
import { planCard } from './plan-card.ts';
import { settledCard } from './settled-card.ts';
import { noReferences, type ShownPlan } from './shown-plan.ts';
import { hash, links, nameOf, plan, readable, shown, step, vote } from './testing.ts';
import { triedInVain } from './tried.ts';

function buttonsOf(card: ReturnType<typeof planCard>) {
  const block = card.blocks.find((candidate) => candidate.type === 'actions');
  return {
    id: block?.block_id,
    elements: (block as unknown as { elements: { action_id: string; value: string; confirm?: unknown }[] }).elements,
  };
}

test('the card shows exactly what would run, how it is verified and undone, and what policy asks', () => {
  expect(readable(planCard(shown, links, nameOf))).toMatchInlineSnapshot(`
    "Approval needed: Return checkout to the revision that worked
    *1 step on prod-eu, medium risk*
    • medium risk needs one approval by someone other than the requester
    1. kubernetes.rollout_undo · medium risk
    Target: site prod-eu, namespace=shop, name=checkout, toRevision=2 · 3 replicas, 100% of the workload
    | kubectl --context prod-eu rollout undo deployment/checkout --to-revision=2
    Dry run: digest dddddddddddd
    | -  image: shop/checkout:1.9.0
    | +  image: shop/checkout:1.8.2
    Verification: all replicas are available (within 120 s, stable for 10 s)
    Rollback if verification fails: kubernetes.rollout_undo
    | kubectl --context prod-eu rollout undo deployment/checkout --to-revision=3
    Needs 1 approval from approver. The requester’s vote does not count. Expires <!date^1795444560^{date_short_pretty} {time}|2026-11-23 14:36 UTC>; then nothing runs.
    [Approve] plan.approve
    [Request changes] plan.request_changes
    [Reject] plan.reject
    [Details] plan.details
    <https://wk.example/plans/plan-1|Plan plan-1> · request ffffffffffff · policy eeeeeeeeeeee"
  `);
});

test('a button carries the plan id and the request hash, nothing else', () => {
  const values = new Set(buttonsOf(planCard(shown, links, nameOf)).elements.map((element) => element.value));
  expect([...values]).toEqual([JSON.stringify({ p: 'plan-1', h: 'f'.repeat(64) })]);
});

test('a vote gives the buttons a new block id', () => {
  const before = buttonsOf(planCard(shown, links, nameOf)).id;
  expect(buttonsOf(planCard({ ...shown, votes: [vote] }, links, nameOf)).id).not.toBe(before);
});

test('high risk asks for a reason in a modal instead of a confirmation', () => {
  const approve = (tier: 'medium' | 'high') => buttonsOf(planCard({ ...shown, plan: { ...plan, tier } }, links, nameOf)).elements[0];
  expect(approve('medium')?.confirm).toBeDefined();
  expect(approve('high')?.confirm).toBeUndefined();
});

test('a step without dry run and rollback says why', () => {
  const bare = {
    ...step,
    dryRun: { kind: 'none' as const, reason: 'a restart has none' },
    rollback: { kind: 'none' as const, reason: 'pods cannot be un-restarted' },
  };
  const text = readable(planCard({ ...shown, plan: { ...plan, steps: [bare] } }, links, nameOf));
  expect(text).toContain('No dry run: a restart has none');
  expect(text).toContain('No rollback: pods cannot be un-restarted');
});

test('a step without dry run says what that costs, in policy’s words, and claims nothing that policy did not say', () => {
  const bare = { ...step, dryRun: { kind: 'none' as const, reason: 'a restart has none' } };
  const card = (reasons: string[]) => readable(planCard({ ...shown, plan: { ...plan, steps: [bare], reasons } }, links, nameOf));
  expect(card(['s1 counts as medium: it has no dry run'])).toContain('No dry run: a restart has none. Counts as medium.');
  expect(card(['s11 counts as medium: it has no dry run'])).toContain('No dry run: a restart has none.\n');
});

const long = Array.from({ length: 60 }, (_, index) => `+ line ${index}`).join('\n');
const longPlan: ShownPlan = {
  ...shown,
  plan: { ...plan, steps: [{ ...step, dryRun: { kind: 'shown', observation: hash('c'), diff: long, digest: hash('d') } }] },
};

test('a long diff is shown by its first lines, and says where the whole is', () => {
  const text = readable(planCard(longPlan, links, nameOf));
  expect(text).toContain('| + line 24\n… 35 more lines not shown here. The whole diff is in Details.');
  expect(text).not.toContain('+ line 25');
  const files = new Map([['s1', { name: 'plan-1-s1.diff', url: 'https://slack.example/files/F1' }]]);
  const card = planCard(longPlan, links, nameOf, { ...noReferences, files });
  expect(readable(card)).toContain('… 35 more lines not shown here. The whole diff is plan-1-s1.diff in the thread.');
  expect(JSON.stringify(card)).toContain('{"type":"link","url":"https://slack.example/files/F1","text":"plan-1-s1.diff"}');
});

test('which diffs are long is decided as the card decides it', () => {
  expect(longSteps(longPlan.plan).map(({ id }) => id)).toEqual(['s1']);
  expect(longSteps(plan)).toEqual([]);
});

test('what was tried before on the same entity and did not help stands above the steps', () => {
  const one: Similar = {
    ...{ incidentId: 'inc-0', title: 'checkout fails', service: null, site: 'shop', causes: [], entities: [], cause: 'a release' },
    ...{ fix: 'Return checkout <!here> to 3', operations: plan.steps.map(({ operation }) => operation), at: '2026-01-01T10:00:00.000Z' },
    ...{ outcome: 'rolled_back', because: ['same entity'] },
  };
  const others: Similar[] = [
    { ...one, outcome: 'resolved' },
    { ...one, because: ['same cause'] },
    { ...one, operations: ['kubernetes.other'] },
  ];
  expect(triedInVain(plan, [...others, one])).toEqual([one]);
  const text = readable(planCard(shown, links, nameOf, { ...noReferences, tried: [one] }));
  const line =
    '• 2026-01-01 10:00 UTC, Return checkout &lt;!here&gt; to 3: it did not help, and was undone (<https://wk.example/incidents/inc-0|that incident>)';
  expect(text).toContain(`*The same was tried on it before, and did not help:*\n${line}`);
  expect(text.indexOf(line)).toBeLessThan(text.indexOf('Target: '));
});

test('a copy says where the conversation is, also when it is settled', () => {
  const thread = 'https://slack.example/archives/C1/p1';
  const references = { ...noReferences, thread };
  for (const view of [planCard(shown, links, nameOf, references), settledCard(shown, links, nameOf, references)])
    expect(readable(view)).toContain(`A copy of the card in <${thread}|the incident’s thread>`);
});

test('an argument cannot hide behind characters that nobody sees', () => {
  const via = { kind: 'cli' as const, binary: 'kubectl', argv: ['a\u202eb', '```'], stdinSha256: null };
  const hostile: ShownPlan = { ...shown, plan: { ...plan, steps: [{ ...step, via }] } };
  expect(readable(planCard(hostile, links, nameOf))).toContain("| kubectl 'a\\u{202e}b' '```'");
});

test('votes so far stand beside each need, of groups too', () => {
  const groups = [
    { group: 'owners:checkout', needed: 1 },
    { group: 'dba', needed: 2 },
  ];
  const needy = { ...shown, plan: { ...plan, approval: { ...plan.approval, needed: 2, groups } }, votes: [vote] };
  const text = readable(planCard(needy, links, nameOf, { ...noReferences, given: new Map([['dba', 1]]) }));
  expect(text).toContain('by different people; at least 1 from owners of checkout; at least 2 from group dba. The requester’s vote');
  expect(text).toContain('*So far:* 1 of 2 approvals · owners of checkout 0 of 1 · group dba 1 of 2');
});

test('the target says how much a step changes, where that is known', () => {
  const card = (impact: (typeof step)['impact']) =>
    readable(planCard({ ...shown, plan: { ...plan, steps: [{ ...step, impact }] } }, links, nameOf));
  expect(card({ targets: 2, replicas: 1, percent: 50 })).toContain('toRevision=2 · 2 targets, 1 replica, 50% of the workload\n');
  expect(card(null)).toContain('toRevision=2\n');
});

test('a person who approved twice counts once', () => {
  expect(readable(planCard({ ...shown, votes: [vote, vote] }, links, nameOf))).toContain('*So far:* 1 of 1 approval\n');
});
