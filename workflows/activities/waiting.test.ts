import { expect, test } from 'vitest';
import type { Check } from '../../tools/contract.ts';
import type { Plan } from '../contracts/plan.ts';
import { waitingWords } from './waiting.ts';

const now = new Date('2026-01-02T03:04:05Z');
const check = (title: string, more: Partial<Check> = {}): Check => ({
  ...{ title, operation: 'github.change_state', input: {}, expect: [], withinSeconds: 3_600, stableSeconds: 0 },
  ...more,
});
const patient = (title: string) => check(title, { decidedAgainst: [] });

function planWith(verification: readonly Check[], rollback: object): Plan {
  return { steps: [{ id: 's1', operation: 'github.change', verification, rollback }] } as unknown as Plan;
}

const back = { kind: 'operation', call: { operation: 'github.withdraw' }, verification: [patient('The change is taken back')] };
const message = 'https://github.com/acme/shop/pull/7';

test('people are told what a step waits for, where, until when, and what happens otherwise', () => {
  const plan = planWith(
    [check('The pull request is there', { decidedAgainst: [], withinSeconds: 60 }), patient('People have merged it')],
    back,
  );
  const told = (direction: 'forward' | 'rollback', output: unknown) =>
    waitingWords(plan, { stepId: 's1', direction, output: 'x' }, output, now);
  expect(told('forward', { message })).toBe(
    `s1 (github.change): ${message}\nIt waits now, until 2026-01-02 04:04 UTC, for: People have merged it. If not, github.withdraw takes it back. Stop the incident to take it back now.`,
  );
  expect(told('rollback', { message })).toBe(
    `s1 (github.withdraw): ${message}\nIt waits now, until 2026-01-02 04:04 UTC, for: The change is taken back. If not, a person must look.`,
  );
  expect(told('forward', null)).toContain('s1 (github.change)\nIt waits now');
});

test('of what does not wait for people nothing is told', () => {
  expect(waitingWords(planWith([check('x')], back), { stepId: 's1', direction: 'forward', output: 'x' }, null, now)).toBeNull();
});
