import { describe, expect, test } from 'vitest';
import { parseVotes } from './votes.ts';

describe('scripted votes', () => {
  test('are read in their order', () => {
    expect(parseVotes('alice:approve, bob:reject')).toEqual([
      { person: 'alice', verdict: 'approve' },
      { person: 'bob', verdict: 'reject' },
    ]);
  });

  test.each(['', 'alice', 'alice:', ':approve', 'alice:maybe', 'alice:approve,', 'alice:approve:reject', 'Al ice:approve'])(
    '%j is not understood',
    (text) => {
      expect(() => parseVotes(text)).toThrow('person:approve');
    },
  );
});
