import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText } from './escape.ts';
import { first, truncate } from './truncate.ts';

test('a short text stays as it is, escaped', () => {
  expect(truncate('a < b', 10)).toBe('a &lt; b');
});

test('a long text says how much is missing', () => {
  expect(truncate('a'.repeat(100), 40)).toBe(`${'a'.repeat(17)}… (83 more characters)`);
});

test('it never exceeds its limit, never cuts an entity, and counts right', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.integer({ min: 40, max: 200 }), (text, max) => {
      const shown = truncate(text, max);
      expect(shown.length).toBeLessThanOrEqual(max);
      const cut = /^(.*)… \((\d+) more characters?\)$/su.exec(shown);
      if (shown === escapeText(text)) return;
      const kept = [...text].slice(0, [...text].length - Number(cut?.[2]));
      expect(cut?.[1]).toBe(kept.map(escapeText).join(''));
    }),
  );
});

test('a long list says how many are missing', () => {
  expect(first([1, 2, 3], 2, String)).toEqual(['1', '2', '… (1 more)']);
});
