import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { Workspace } from '../workspace.ts';
import { date } from './date.ts';
import { emojiOf, mrkdwn, spoken } from './mrkdwn.ts';

const workspace = {
  people: [{ id: 'U1', name: 'Alice Ahn' }],
  channels: [{ id: 'C1', name: 'incidents' }],
  app: { botUserId: 'UB', name: 'Watchkeeper' },
} as unknown as Workspace;

const html = (text: string) => renderToStaticMarkup(mrkdwn(workspace, text)).replace(/^<div class="kit">(.*)<\/div>$/s, '$1');
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

test.each([
  ['bold, italic, struck', '*a b* _c_ ~d~', '<p><strong>a b</strong> <em>c</em> <s>d</s></p>'],
  ['marks inside of words stay', 'foo_bar_baz 2*3*4', '<p>foo_bar_baz 2*3*4</p>'],
  ['code keeps its marks', '`a *b* &lt;c&gt;`', '<p><code class="slack_code_inline">a *b* &lt;c&gt;</code></p>'],
  [
    'people and channels by name',
    '<@U1> in <#C1>',
    '<p><span class="slack_user">@Alice Ahn</span> in <span class="slack_channel">#incidents</span></p>',
  ],
  [
    'links with a scheme',
    '<https://a.example/?b=1&amp;c=2|there>',
    '<p><a href="https://a.example/?b=1&amp;c=2" target="_blank" rel="noopener noreferrer">there</a></p>',
  ],
  ['no link to a script', '<javascript:alert(1)|here>', '<p><span>here</span></p>'],
  ['quotes', 'a\n> b\n&gt; c\nd', '<p>a</p><blockquote>b\nc</blockquote><p>d</p>'],
  ['emoji that it knows', ':warning: :unheard_of:', '<p>⚠️ :unheard_of:</p>'],
])('%s', (_name, text, expected) => {
  expect(html(text)).toBe(expected);
});

test('a code block shows exactly what was escaped into it', () => {
  const code = fc
    .string({ minLength: 1, unit: fc.constantFrom(...'ab *_~`<>&|\n:-+$"\'', '&lt;', '&amp;') })
    .filter((text) => !text.includes('```') && !/^[\n`]|[\n`]$/.test(text));
  fc.assert(
    fc.property(code, (text) => {
      const shown = /^<pre>([\s\S]*)<\/pre>$/.exec(html(`\`\`\`\n${escaped(text)}\n\`\`\``))?.[1] ?? 'not one block';
      expect(shown.replaceAll('&quot;', '"').replaceAll('&#x27;', "'")).toBe(escaped(text));
    }),
  );
});

test('escaped text never becomes markup', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(html(escaped(`<${text}>`))).not.toMatch(/<(?!\/?(p|pre|code|strong|em|s|span|blockquote)\b)/);
    }),
  );
});

test('a date is shown in the time of whoever reads, as Slack does; where it is none its fallback stands', () => {
  const shown = (target: string, now: Date) =>
    renderToStaticMarkup(date(target, 'fallback', now)).replace(/^<time [^>]*>(.*)<\/time>$/, '$1');
  const at = new Date(2026, 10, 23, 14, 36);
  const target = (format: string) => `!date^${at.getTime() / 1000}^${format}`;
  const days = [23, 24, 22, 30].map((day) => shown(target('{date_short_pretty} {time}'), new Date(2026, 10, day)));
  expect(days).toEqual(['today 14:36', 'yesterday 14:36', 'tomorrow 14:36', '23 Nov 2026 14:36']);
  expect(shown(target('{ago}'), new Date(2026, 10, 23, 14, 41))).toBe('5 minutes ago');
  for (const wrong of ['!date^x^{time}', target('{unheard_of}'), target('')]) expect(shown(wrong, at)).toBe('<span>fallback</span>');
  expect(html('by <!date^1795444560^{date_num}|2026-11-23 14:36 UTC>!')).toMatch(
    /^<p>by <time dateTime="2026-11-23T14:36:00.000Z" [^>]*>2026-11-2\d<\/time>!<\/p>$/,
  );
});

test('what is read aloud has names and no marks', () => {
  expect(spoken(workspace, '*Hi* <@U1>,\n> see <#C1> :warning:\n```a *b*```')).toBe('Hi @Alice Ahn, see #incidents ⚠️ a *b*');
});

test('every emoji that our messages use is a picture here', () => {
  const folder = join(import.meta.dirname, '../../../../blocks');
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const used = sources.flatMap((name) =>
    [...readFileSync(join(folder, name), 'utf8').matchAll(/(?:[`'\s]|\\n):([a-z0-9_+-]+): /g)].map(([, emoji]) => emoji ?? ''),
  );
  expect(used).toContain('bust_in_silhouette');
  expect(used.filter((name) => emojiOf(name) === `:${name}:`)).toEqual([]);
});
