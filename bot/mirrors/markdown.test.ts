import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inert, plain } from './markdown.ts';

const shownAs = (markdown: string) => markdown.replaceAll('\u2060', '').replaceAll(/\\([\\`*_{}[\]<>#|~@!&+=-]|(?<=\d\\)[.)])/g, '$1');

test.each([
  ['@everyone look', '\\@\u2060everyone look'],
  ['see https://evil.example/x', 'see https:\u2060//evil.example/x'],
  ['[here](javascript:alert)', '\\[here\\](javascript:alert)'],
  ['<img src=x>', '\\<img src=x\\>'],
  ['blocks SRE-12', 'blocks SRE\u2060-12'],
  ['# not a heading', '\\# not a heading'],
  ['- not a list', '\\- not a list'],
  ['a\n\n## b', 'a \\#\\# b'],
  ['\u202eright to left', 'right to left'],
])('%j is shown and does nothing', (text, markdown) => {
  expect(inert(text)).toBe(markdown);
});

test('an id of lower-case letters can be copied as it is', () => {
  const id = '01a20a14-cc62-7c78-9bf4-1006f29566df';
  expect(inert(id)).toBe(id);
});

test('no text leaves a live link, mention, tag, code span or line break', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          '@',
          '[',
          ']',
          '(',
          ')',
          '<',
          '>',
          '`',
          '\\',
          '*',
          '\n',
          'http://',
          'www.',
          'a',
          '-',
          '1',
          '.',
          ' ',
          '\u202e',
        ),
      }),
      (text) => {
        const markdown = inert(text);
        expect(markdown).not.toMatch(/[\r\n\u202e]|:\/\/|www\.|@(?!\u2060)/);
        expect(markdown.replaceAll(/\\[\s\S]/g, '')).not.toMatch(/[`*[\]<>@]/);
      },
    ),
  );
});

test('escaping changes nothing of what is shown', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'B', '*', '_', '[', ']', '&', '!', ' ', '@') }),
      (text) => shownAs(inert(text)) === plain(text).replaceAll('\u2060', ''),
    ),
  );
});
