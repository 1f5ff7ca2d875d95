import { describe, expect, test } from 'vitest';
import { parseVotes, requireKnown } from './votes.ts';

describe('scripted votes', () => {
  test('are read in their order', () => {
    expect(parseVotes('alice:approve, bob:reject')).toEqual([
      { person: 'alice', verdict: 'approve' },
      { person: 'bob', verdict: 'reject' },
    ]);
  });

  test('name people who are known here, or are refused with those who are', () => {
    expect(() => requireKnown(parseVotes('alice:approve'), ['alice', 'bob'])).not.toThrow();
    expect(() => requireKnown(parseVotes('alice:approve,mallory:reject'), ['alice', 'bob'])).toThrow(
      'nobody here is called mallory; these can be named: alice, bob',
    );
    expect(() => requireKnown([{ person: 'app', verdict: 'approve', via: 'linear' }], ['alice'])).not.toThrow();
  });

  test.each(['', 'alice', 'alice:', ':approve', 'alice:maybe', 'alice:approve,', 'alice:approve:reject', 'Al ice:approve'])(
    '%j is not understood',
    (text) => {
      expect(() => parseVotes(text)).toThrow('person:approve');
    },
  );
});
