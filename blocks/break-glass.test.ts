import { expect, test } from 'vitest';
import { breakGlassAlarm } from './break-glass.ts';
import { nameOf, readable } from './testing.ts';

const glass = {
  person: 'alice',
  reason: 'payments are down <!channel>',
  at: '2026-11-23T14:06:00.000Z',
  until: '2026-11-23T15:06:00.000Z',
};

test('the alarm mentions everybody who has a Slack account, names the others, and lets no outside text mention anybody', () => {
  const people = [
    { name: 'Bob', user: 'U0BOB' },
    { name: 'Dave <!here>', user: null },
    { name: 'Eve', user: 'U1> <!channel' },
  ];
  const text = readable(breakGlassAlarm(glass, people, nameOf));
  expect(text).toContain('<@U0BOB> Dave &lt;!here&gt; Eve');
  expect(text).toContain('payments are down &lt;!channel&gt;. A review by somebody else is due.');
  expect(text).not.toMatch(/<!(channel|here)/);
});
