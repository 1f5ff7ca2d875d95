import { describe, expect, test } from 'vitest';
import type { Vote } from '../contracts/plan.ts';
import type { Membership, StoredPlan } from '../ports.ts';
import type { Deps } from './deps.ts';
import { standingsOf } from './standings.ts';

const now = new Date('2026-11-25T12:00:00Z');
const approver = { roles: ['approver'], groups: ['sre'] };

type Answer = Awaited<ReturnType<Membership['check']>>;

function depsWith(answer: Answer, asked: string[] = []): Deps {
  const deps: Pick<Deps, 'now' | 'standing' | 'membership'> = {
    now: () => now,
    standing: async (person) => (person === 'gone' ? null : approver),
    membership: {
      async check(person, kind) {
        asked.push(`${person} ${kind}`);
        return answer;
      },
    },
  };
  return deps as unknown as Deps;
}

function storedWith(person: string, channel: Vote['channel'], agoMs: number, breakGlass: StoredPlan['breakGlass'] = null): StoredPlan {
  const vote = { person, channel, verdict: 'approve', createdAt: new Date(now.getTime() - agoMs).toISOString() };
  return { votes: [vote], breakGlass } as unknown as StoredPlan;
}

describe('whoever answered', () => {
  test('counts while their account is that of a member', async () => {
    const asked: string[] = [];
    const standings = await standingsOf(depsWith('member', asked), storedWith('bob', 'slack', 600_000));
    expect(standings.of('bob')).toEqual(approver);
    expect(asked).toEqual(['bob slack']);
  });

  test('does not count once the account is switched off, and it is said', async () => {
    const standings = await standingsOf(depsWith({ refused: 'the Slack account of Bob is deactivated' }), storedWith('bob', 'slack', 0));
    expect(standings.of('bob')).toBeNull();
    expect(standings.excluded).toEqual(['the Slack account of Bob is deactivated']);
  });

  test('does not count once nobody lists them', async () => {
    const standings = await standingsOf(depsWith('member'), storedWith('gone', 'linear', 0));
    expect(standings.of('gone')).toBeNull();
    expect(standings.excluded).toEqual(['gone is not listed under people any more']);
  });

  test.each([
    [59_000, approver],
    [61_000, null],
  ])('%i ms ago, and nobody can be asked: the check at the vote is believed for a minute', async (agoMs, standing) => {
    expect((await standingsOf(depsWith('unavailable'), storedWith('bob', 'slack', agoMs))).of('bob')).toEqual(standing);
  });

  test('is asked for by the kind of account that they used; break-glass takes a sign-in', async () => {
    const asked: string[] = [];
    const glass = { person: 'ann', reason: '', at: now.toISOString(), until: now.toISOString() };
    await standingsOf(depsWith('member', asked), storedWith('bob', 'cli', 0, glass));
    expect(asked.toSorted()).toEqual(['ann oidc', 'bob oidc']);
  });

  test('and nobody else', async () => {
    expect((await standingsOf(depsWith('member'), storedWith('bob', 'slack', 0))).of('ann')).toBeNull();
  });
});
