import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDifference, patchDifference, stateDifference } from './difference.ts';

test('what is the same on both sides is left out', () => {
  expect(lineDifference(['needs 1 approval', 'tier medium'], ['needs 2 approvals', 'tier medium'])).toBe(
    '- needs 1 approval\n+ needs 2 approvals',
  );
});

test('of a state, each expectation that does not hold stands beside what is there', () => {
  const violated = [
    { pointer: '/uid', op: 'eq', value: 'a' },
    { pointer: '/revision', op: 'eq', value: 8 },
  ] as const;
  const { words, difference } = stateDifference(violated, { uid: 'b', revision: 9 });
  expect(difference).toBe('- uid: "a"\n+ uid: "b"\n- revision: 8\n+ revision: 9');
  expect(words).toBe('uid is "b", expected "a"; revision is 9, expected 8');
});

test('of a dry run, the lines around the change are there', () => {
  expect(patchDifference('spec:\n  replicas: 3\n  paused: false\n', 'spec:\n  replicas: 5\n  paused: false\n')).toContain(
    ' spec:\n-  replicas: 3\n+  replicas: 5\n   paused: false',
  );
});

test('it stays a small value, whatever it is made of', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 3_000 }), { maxLength: 20 }),
      fc.array(fc.string({ maxLength: 3_000 }), { maxLength: 20 }),
      (a, b) => {
        for (const text of [lineDifference(a, b), patchDifference(a.join('\n'), b.join('\n'))]) {
          expect(text.length).toBeLessThan(1_600);
          expect(text.isWellFormed()).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});
