import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdown } from './markdown.ts';

const tags =
  /<(\/?(?:p|ul|ol|li|h[1-6]|strong|em|code|pre|blockquote|a)|ol start="\d+"|code class="language-[^"<>]*"|(?:hr|br) \/|a href="(?:|[^"<>]*)"(?: title="[^"<>]*")?)>/g;

test('structure is shown, ticks are signs, and links to our own pages lead there', () => {
  const { html } = markdown('## Cause\n\n- [x] **undo** `it` [seen](/observations/1)\n- [ ] not yet');
  expect(html).toBe(
    '<h2>Cause</h2>\n<ul>\n<li>☑ <strong>undo</strong> <code>it</code> <a href="/observations/1">seen</a></li>\n<li>☐ not yet</li>\n</ul>',
  );
});

test.each([
  ['<script>alert(1)</script>', '<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>'],
  ['a <img src=x onerror=alert(1)> b', '<p>a &lt;img src=x onerror=alert(1)&gt; b</p>'],
  ['[a](javascript:alert(1))', '<p><a href="">a</a></p>'],
  ['[a](data:text/html,x)', '<p><a href="">a</a></p>'],
  ['<javascript:alert(1)>', '<p><a href="">javascript:alert(1)</a></p>'],
  ['![a](https://elsewhere.example/x.png)', '<p>!<a href="https://elsewhere.example/x.png">a</a></p>'],
  ['&lt;b&gt;', '<p>&lt;b&gt;</p>'],
])('%s does nothing', (text, shown) => {
  expect(markdown(text).html).toBe(shown);
});

test('whatever it says, nothing but structure and harmless links comes of it', () => {
  const piece = fc.constantFrom(
    ...['<', '>', '"', "'", '&', '[', ']', '(', ')', '!', '`', '\n', '\n\n', '- ', '- [x] ', '> ', '# ', '\\', '*', '_', '~~~', ' '],
    ...['script', 'javascript:', 'data:', 'https://a.example', 'onerror=', '<svg/onload=x>', '<!--', ']]>', '<?', '&#x6a;', '\u0000'],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 }), (pieces) => {
      const { html } = markdown(pieces.join(''));
      expect(html.replaceAll(tags, '')).not.toContain('<');
      expect(html).not.toMatch(/href="\s*(?:javascript|data|vbscript):/i);
    }),
    { numRuns: 300 },
  );
});
