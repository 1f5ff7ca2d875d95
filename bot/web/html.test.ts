import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeHtml, html } from './html.ts';

test('text in markup is escaped, markup is not', () => {
  const items = ['<b>', '&amp;'].map((item) => html`<li>${item}</li>`);
  expect(html`<ul title="${'" onload="x'}">${items}</ul> ${3}`.html).toBe(
    '<ul title="&quot; onload=&quot;x"><li>&lt;b&gt;</li><li>&amp;amp;</li></ul> 3',
  );
});

test('no text gets out of a quoted attribute or into a tag', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(html`${text}`.html).toBe(escapeHtml(text));
      expect(escapeHtml(text)).not.toMatch(/[<>"']/);
    }),
  );
});
