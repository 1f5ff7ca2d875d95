import fc from 'fast-check';
import { expect, test } from 'vitest';
import { code } from './code.ts';
import { escapeText, link, visible } from './escape.ts';

test('mentions, broadcasts and links of outside text are inert', () => {
  expect(escapeText('<!channel> <@U123> <https://evil.example|click> & <#C1>')).toMatchInlineSnapshot(
    `"&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|click&gt; &amp; &lt;#C1&gt;"`,
  );
});

test('no text yields a control sequence of Slack', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>]|&(?!(amp|lt|gt);)/.test(escapeText(text))));
});

test('what cannot be seen is written out', () => {
  expect(visible('a\u202eb\u200b\u0007\nc\td')).toBe('a\\u{202e}b\\u{200b}\\u{7}\nc\td');
});

test('a lone surrogate does not survive', () => {
  expect(visible('a\ud800b')).toBe('a\ufffdb');
});

test('inline code cannot be ended by its text', () => {
  expect(code('a`b\n`c<x>')).toBe("`a'b 'c&lt;x&gt;`");
});

test('only http(s) addresses become links, and a label cannot end one', () => {
  expect(link('javascript:alert(1)', 'x')).toBe('x');
  expect(link('https://a.example/x|y', 'x')).toBe('x');
  expect(link('https://a.example/?a=1&b=2', 'x|<y>')).toBe('<https://a.example/?a=1&amp;b=2|x/&lt;y&gt;>');
});
