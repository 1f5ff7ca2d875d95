import type { Plan, Vote } from '../contracts/plan.ts';
import { lastCallMs } from '../isolate/reminders.ts';
import type { Estate, Reminder, StoredPlan } from '../ports.ts';

/** Which of the two it is now: the one whose time is nearer, because the clocks of engine and store differ a little. */
function keyOf(plan: Plan, nowMs: number): Reminder['key'] {
  const created = Date.parse(plan.createdAt);
  const expires = Date.parse(plan.expiresAt);
  const half = created + (expires - created) / 2;
  const last = expires - lastCallMs;
  return last > created && Math.abs(nowMs - last) < Math.abs(nowMs - half) ? 'last' : 'half';
}

/** Whom policy names for this request, without those who have answered. */
function stillAsked({ approval }: Plan, votes: readonly Vote[], estate: Pick<Estate, 'people'>, requester: string | null): string[] {
  const answered = new Set(votes.map((vote) => vote.person));
  const { roles, excludeRequester } = approval;
  return estate.people
    .filter(({ id }) => !answered.has(id) && !(excludeRequester && id === requester))
    .filter((person) => person.roles.some((role) => roles.includes(role)))
    .map(({ id }) => id);
}

/** How many approvals are missing, by number and by group. */
function missingOf({ approval }: Plan, votes: readonly Vote[], estate: Pick<Estate, 'people'>): number {
  const approvers = new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person));
  const ofGroup = (group: string) => estate.people.filter(({ id, groups }) => approvers.has(id) && groups.includes(group)).length;
  return Math.max(0, approval.needed - approvers.size, ...approval.groups.map(({ group, needed }) => needed - ofGroup(group)));
}

/** What is said of a request that waits. `requester`: who asked for the plan, where a person did. */
export function reminderOf({ plan, votes }: StoredPlan, estate: Pick<Estate, 'people'>, requester: string | null, nowMs: number): Reminder {
  return {
    key: keyOf(plan, nowMs),
    minutesLeft: Math.max(1, Math.round((Date.parse(plan.expiresAt) - nowMs) / 60_000)),
    missing: missingOf(plan, votes, estate),
    people: stillAsked(plan, votes, estate, requester),
  };
}
