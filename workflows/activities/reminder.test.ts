import { describe, expect, test } from 'vitest';
import type { Plan, Vote } from '../contracts/plan.ts';
import type { StoredPlan } from '../ports.ts';
import { reminderOf } from './reminder.ts';

const people = [
  { id: 'alice', name: 'Alice', roles: ['responder', 'approver'], groups: [] },
  { id: 'bob', name: 'Bob', roles: ['approver'], groups: ['platform'] },
  { id: 'erin', name: 'Erin', roles: ['responder'], groups: [] },
  { id: 'vera', name: 'Vera', roles: ['viewer'], groups: [] },
];
const minute = 60_000;
const at = (minutes: number) => new Date(minutes * minute).toISOString();
const approval = { needed: 2, roles: ['approver'], excludeRequester: true, groups: [] };

function waiting(change: Partial<Plan> = {}, votes: readonly [person: string, verdict: Vote['verdict']][] = []): StoredPlan {
  const plan = { createdAt: at(0), expiresAt: at(30), approval, ...change } as Plan;
  return { plan, votes: votes.map(([person, verdict]) => ({ person, verdict }) as Vote) } as unknown as StoredPlan;
}
const reminder = (stored: StoredPlan, minutes: number, ...requesters: string[]) =>
  reminderOf(stored, { people }, requesters, minutes * minute);

describe('asked are', () => {
  test('those whose role policy names', () => {
    expect(reminder(waiting(), 15).people).toEqual(['alice', 'bob']);
    expect(reminder(waiting({ approval: { ...approval, roles: ['responder'] } }), 15).people).toEqual(['alice', 'erin']);
  });

  test('not the requester, where their approval does not count', () => {
    expect(reminder(waiting(), 15, 'alice').people).toEqual(['bob']);
    expect(reminder(waiting({ approval: { ...approval, excludeRequester: false } }), 15, 'alice').people).toEqual(['alice', 'bob']);
  });

  test('not those who have answered', () => {
    expect(reminder(waiting({}, [['alice', 'approve']]), 15)).toMatchObject({ people: ['bob'], missing: 1 });
  });
});

test('an approval that has to come from a group is missing until it does', () => {
  const groups = [{ group: 'platform', needed: 1 }];
  const one = { ...approval, needed: 1, groups };
  expect(reminder(waiting({ approval: one }, [['alice', 'approve']]), 15).missing).toBe(1);
  expect(reminder(waiting({ approval: one }, [['bob', 'approve']]), 15).missing).toBe(0);
});

describe('where policy asks for approvals of groups', () => {
  const grouped = [
    { id: 'alice', name: 'Alice', roles: ['approver'], groups: ['owners:checkout'] },
    { id: 'bob', name: 'Bob', roles: ['approver'], groups: ['dba'] },
    { id: 'carl', name: 'Carl', roles: ['approver'], groups: [] },
    { id: 'dora', name: 'Dora', roles: ['responder'], groups: ['owners:checkout'] },
  ];
  const needs = (needed: number, ...groups: string[]) =>
    waiting({ approval: { ...approval, needed, groups: groups.map((group) => ({ group, needed: 1 })) } });
  const asked = (stored: StoredPlan, ...approvers: string[]) => {
    const votes = approvers.map((person) => ({ person, verdict: 'approve' }) as Vote);
    return reminderOf({ ...stored, votes }, { people: grouped }, [], 15 * minute);
  };

  test('everybody who may approve is asked while somebody else can still help', () => {
    const lacking = [{ group: 'owners:checkout', missing: 1 }];
    expect(asked(needs(2, 'owners:checkout'))).toMatchObject({ people: ['alice', 'bob', 'carl'], missing: 2, lacking });
  });

  test('only members are asked once all that are missing have to come from them', () => {
    expect(asked(needs(2, 'owners:checkout'), 'carl')).toMatchObject({ people: ['alice'], missing: 1 });
    expect(asked(needs(2, 'owners:checkout', 'dba'), 'carl', 'bob')).toMatchObject({ people: ['alice'], missing: 1 });
  });

  test('one who has approved counts for each of their groups', () => {
    expect(asked(needs(2, 'owners:checkout'), 'alice')).toMatchObject({ people: ['bob', 'carl'], missing: 1, lacking: [] });
  });
});

test.each([
  [30, 15, 'half', 15],
  [30, 25, 'last', 5],
  [30, 24.99, 'last', 5],
  [30, 29.9, 'last', 1],
  [4, 2, 'half', 2],
])('of %d minutes, after %d it is the %s one, with %d left', (length, after, key, minutesLeft) => {
  expect(reminder(waiting({ expiresAt: at(length) }), after)).toMatchObject({ key, minutesLeft });
});
