import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReferenced, referenceLine, stableUuid } from './key.ts';

test('the same parts give the same UUID, in the form of version 4', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(stableUuid(a, b)).toBe(stableUuid(a, b));
      expect(stableUuid(a, b)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }),
  );
});

test('different parts give different ids', () => {
  expect(stableUuid('linear.issue', 'x')).not.toBe(stableUuid('linear.comment', 'x'));
  expect(stableUuid('a', 'bc')).not.toBe(stableUuid('ab', 'c'));
});

test('a text is known by its last line alone', () => {
  expect(isReferenced(`Plan approved\n${referenceLine('a..b')}`, 'a..b')).toBe(true);
  expect(isReferenced(`Plan approved\n${referenceLine('a..b')}\n`, 'a..b')).toBe(true);
  expect(isReferenced(`${referenceLine('a..b')}\nPlan approved`, 'a..b')).toBe(false);
  expect(isReferenced(`Plan approved\n${referenceLine('a..bc')}`, 'a..b')).toBe(false);
});
