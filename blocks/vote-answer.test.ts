import { expect, test } from 'vitest';
import { voteAnswer } from './vote-answer.ts';

test('a vote that does not yet decide says how many are missing', () => {
  expect(voteAnswer({ kind: 'recorded', approvals: 1, needed: 2, decided: null }).text).toMatchInlineSnapshot(
    `"Your vote is recorded: 1 of 2. Nothing runs yet."`,
  );
});

test('a repeated vote counts once, and says so', () => {
  expect(voteAnswer({ kind: 'repeated' }).text).toMatchInlineSnapshot(`"You said so already: your vote counts once."`);
});
