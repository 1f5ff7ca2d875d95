import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt } from './excerpt.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n');

test('a text that fits is shown whole, however it ends', () => {
  for (const end of ['', '\n', '\n\n'])
    expect(excerpt(`a\nb${end}`, { characters: 3, lines: 2 })).toEqual({ text: 'a\nb', whole: true, rest: 0 });
});

test('too many lines: the first ones, and how many are left out', () => {
  expect(excerpt(numbered(40), { characters: 1500, lines: 25 })).toEqual({ text: numbered(25), whole: false, rest: 15 });
});

test('too many characters: cut between lines', () => {
  expect(excerpt('aaaa\nbbbb\ncccc', { characters: 9, lines: 25 })).toEqual({ text: 'aaaa\nbbbb', whole: false, rest: 1 });
});

test('a first line that is too long is cut with a note', () => {
  const cut = excerpt(`${'x'.repeat(100)}\nb`, { characters: 50, lines: 25 });
  expect(cut).toMatchObject({ whole: false, rest: 1 });
  expect(cut.text).toMatch(/^x+… \(\d+ more characters\)$/);
});

test('never more than there is room for, and whole only when nothing is missing', () => {
  const text = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 60 }).map((lines) => lines.join('\n'));
  const room = fc.record({ characters: fc.integer({ min: 40, max: 400 }), lines: fc.integer({ min: 1, max: 30 }) });
  fc.assert(
    fc.property(text, room, (given, limits) => {
      const cut = excerpt(given, limits);
      expect(cut.text.length).toBeLessThanOrEqual(limits.characters);
      expect(cut.text.split('\n').length).toBeLessThanOrEqual(limits.lines);
      if (cut.whole) expect(cut.rest).toBe(0);
    }),
  );
});
