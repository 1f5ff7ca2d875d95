import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noteKey, stableUuid } from './key.ts';

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
  expect(noteKey('x')).not.toBe(noteKey('y'));
});
