import { expect, test } from 'vitest';
import { pageLines } from './page-lines.ts';
import { readable } from './testing.ts';

test('each is one line, inert, and a flood is cut with a note', () => {
  expect(readable(pageLines(['PagerDuty #1 note by Alice: “a\nb <!channel>”']))).toBe('PagerDuty #1 note by Alice: “a b &lt;!channel&gt;”');
  expect(readable(pageLines(Array.from({ length: 25 }, (_, index) => `line ${index}`)))).toContain('… (5 more)');
});
