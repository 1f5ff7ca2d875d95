import { expect, test } from 'vitest';
import type { Need, Replay } from '../policy/replay-answer.ts';
import { groupChanges, groupGaps } from './policy-replay-groups.ts';

const place = { id: 'd1', at: '2026-01-01T00:00:00.000Z', incident: 'i1', plan: null, step: null };
const need = (verdict: Need['verdict'], needed = 0, roles: string[] = []): Need => ({
  verdict,
  needed,
  roles,
  excludeRequester: needed > 1,
  groups: [],
});

function change(question: string, before: Need, after: Need, ...rules: string[]): Replay['changed'][number] {
  return { ...place, question, before, after: { ...after, rules, reasons: rules.map((rule) => `because of ${rule}`) } };
}

const two = need('needs_approval', 2, ['approver']);
const one = need('needs_approval', 1, ['admin', 'approver']);

test.each([
  ['plan', two, need('deny'), '1 plan would now be denied: r.x'],
  ['execute', need('allow', 2), need('deny'), '1 step would now be denied: r.x'],
  ['vote', need('deny'), need('allow'), '1 vote would no longer be denied: would be allowed: r.x'],
  ['plan', need('deny'), one, '1 plan would no longer be denied: would need 1 approval by admin or approver: r.x'],
  ['plan', one, two, '1 plan would need 2 approvals by approver, not the requester instead of 1 approval by admin or approver: r.x'],
  ['plan', one, need('allow'), '1 plan would be allowed: r.x'],
  ['plan', need('allow'), one, '1 plan would need 1 approval by admin or approver instead of no approval: r.x'],
  ['execute', need('allow', 1), need('allow', 2), '1 step would be allowed after 2 approvals, not the requester: r.x'],
  ['ask', need('allow'), need('deny'), '1 request to open an incident would now be denied: r.x'],
  [
    'plan',
    one,
    { ...two, groups: [{ group: 'platform', needed: 1 }] },
    '1 plan would need 2 approvals by approver, not the requester, 1 of them from platform instead of 1 approval by admin or approver: r.x',
  ],
  ['tea', need('allow'), need('deny'), '1 decision of the kind tea would now be denied: r.x'],
])('%s: %j → %j', (question, before, after, words) => {
  expect(groupChanges([change(question, before, after, 'r.x')])[0]?.words).toBe(words);
});

test('what changes alike by the same rules is one line, whatever the order of the rules, most first', () => {
  const changed = [
    change('plan', one, need('deny'), 'budget.steps_per_plan'),
    change('plan', two, need('deny'), 'freeze.active', 'budget.steps_per_plan'),
    change('plan', one, need('deny'), 'budget.steps_per_plan', 'freeze.active', 'freeze.active'),
    change('vote', need('allow'), need('deny'), 'freeze.active'),
  ];
  expect(groupChanges(changed).map(({ words }) => words)).toEqual([
    '2 plans would now be denied: budget.steps_per_plan, freeze.active',
    '1 plan would now be denied: budget.steps_per_plan',
    '1 vote would now be denied: freeze.active',
  ]);
});

test('what could not be evaluated is grouped by question and reason', () => {
  const gaps = [...'aab'].map((reason) => ({ ...place, question: 'read', reason }));
  expect(groupGaps(gaps).map(({ words, count }) => [count, words])).toEqual([
    [2, '2 reads could not be evaluated: a'],
    [1, '1 read could not be evaluated: b'],
  ]);
});
