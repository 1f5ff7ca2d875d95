import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clean } from './clean.ts';

it.each([
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['links', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
  ['overwritten lines', 'safe\rrm -rf\r\nnext', 'safe\nrm -rf\nnext'],
  ['bidi controls', 'a\u202ecba\u2066x', 'acbax'],
  ['NUL, backspace and delete', 'a\0b\u0008c\u007f', 'abc'],
])('removes %s', (_what, dirty, expected) => {
  expect(clean(dirty)).toBe(expected);
});

it('leaves no control character but line feed and tab, and nothing for a second pass', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom('\u001b', '[', 'm', '3', '\r', '\n', '\t', '\u202e', '\u009b', ']', '\u0007'),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
        ),
      }),
      (text) => {
        const once = clean(text);
        expect(once.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(clean(once)).toBe(once);
      },
    ),
  );
});
