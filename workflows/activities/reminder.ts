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

type People = Estate['people'];

/** Those whose approval policy counts, without those who have answered. */
function eligible({ approval }: Plan, votes: readonly Vote[], people: People, requesters: readonly string[]): People {
  const answered = new Set(votes.map((vote) => vote.person));
  const { roles, excludeRequester } = approval;
  return people
    .filter(({ id }) => !answered.has(id) && !(excludeRequester && requesters.includes(id)))
    .filter((person) => person.roles.some((role) => roles.includes(role)));
}

/** Groups whose approvals are missing, with how many. */
function lackingOf({ approval }: Plan, approvers: ReadonlySet<string>, people: People): Reminder['lacking'] {
  const given = (group: string) => people.filter(({ id, groups }) => approvers.has(id) && groups.includes(group)).length;
  return approval.groups.map(({ group, needed }) => ({ group, missing: needed - given(group) })).filter(({ missing }) => missing > 0);
}

/** What is said of a request that waits. `requesters`: who asked for the plan, where people did. */
export function reminderOf(
  { plan, votes }: StoredPlan,
  estate: Pick<Estate, 'people'>,
  requesters: readonly string[],
  nowMs: number,
): Reminder {
  const approvers = new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person));
  const lacking = lackingOf(plan, approvers, estate.people);
  const ofGroups = Math.max(0, ...lacking.map(({ missing }) => missing));
  const missing = Math.max(0, plan.approval.needed - approvers.size, ofGroups);
  const asked = eligible(plan, votes, estate.people, requesters);
  // When all that are missing have to come from a group, nobody else can help.
  const helpful =
    ofGroups < missing || missing === 0 ? asked : asked.filter(({ groups }) => lacking.some(({ group }) => groups.includes(group)));
  return {
    key: keyOf(plan, nowMs),
    minutesLeft: Math.max(1, Math.round((Date.parse(plan.expiresAt) - nowMs) / 60_000)),
    missing,
    lacking,
    people: helpful.map(({ id }) => id),
  };
}
