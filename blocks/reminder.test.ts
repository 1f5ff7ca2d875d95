import { expect, test } from 'vitest';
import { directReminder, reminder } from './reminder.ts';
import { readable } from './testing.ts';

const people = [
  { name: 'Alice Ahn', user: 'U0ALICE' },
  { name: 'Carol <!here>', user: null },
  { name: 'Mallory', user: 'U1> <!channel' },
];
const shown = { goal: 'Return checkout to the revision that worked', minutesLeft: 5, missing: 2, lacking: [], people };

test('those who may still approve are mentioned, by name where Slack does not know them', () => {
  expect(readable(reminder(shown))).toBe(
    'Still waiting for 2 approvals: <@U0ALICE>, Carol &lt;!here&gt;, Mallory. In 5 minutes the plan expires, and nothing runs.\nReturn checkout to the revision that worked',
  );
});

test('when nobody may give it, that is said', () => {
  expect(reminder({ ...shown, missing: 1, minutesLeft: 1, people: [] }).text).toBe(
    'Still waiting for 1 approval: nobody who is listed may give it. In 1 minute the plan expires, and nothing runs.',
  );
});

test('groups that approvals have to come from are named', () => {
  const lacking = [
    { group: 'owners:checkout', missing: 1 },
    { group: 'dba', missing: 2 },
  ];
  expect(reminder({ ...shown, lacking }).text).toContain(
    'for 2 approvals, at least 1 from owners of checkout, at least 2 from group dba: <@',
  );
});

test('a direct message says how long there is', () => {
  expect(directReminder(5).text).toBe('Your answer is still missing. In 5 minutes the plan expires, and nothing runs.');
});
