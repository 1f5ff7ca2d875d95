import { expect, test } from 'vitest';
import { voteAnswer } from './vote-answer.ts';

test('a vote that does not yet decide says how many are missing', () => {
  const missing = '1 of 2 approvals; 1 more from owners:checkout';
  expect(voteAnswer({ kind: 'recorded', approvals: 1, needed: 2, missing, decided: null }).text).toBe(
    'Your vote is recorded: 1 of 2 approvals; 1 more from owners:checkout. Nothing runs yet.',
  );
});

test('a repeated vote counts once, and says so', () => {
  expect(voteAnswer({ kind: 'repeated' }).text).toMatchInlineSnapshot(`"You said so already: your vote counts once."`);
});
