import { expect, test } from 'vitest';
import { opening } from './opening.ts';
import { incident, links, readable } from './testing.ts';

test('the root of a thread says what is wrong, where, and who said so', () => {
  expect(readable(opening({ ...incident, source: 'pagerduty' }, links))).toMatchInlineSnapshot(`
    "checkout returns errors
    since 14:00
    <https://wk.example/incidents/inc-1|Incident inc-1> · from pagerduty · service checkout · site prod-eu
    Everything about it is in this thread."
  `);
});
