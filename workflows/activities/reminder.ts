import type { Plan, Vote } from '../contracts/plan.ts';
import type { Estate } from '../ports.ts';

/** Who may still approve, how many are needed, how long it waits. Names, no mentions: the card above has the buttons. */
export function reminderWords(
  plan: Plan,
  votes: readonly Vote[],
  estate: Pick<Estate, 'people'>,
  requester: string | null,
  minutes: number,
): string {
  const { needed, roles, excludeRequester } = plan.approval;
  const voted = new Set(votes.map((vote) => vote.person));
  const missing = Math.max(0, needed - votes.filter((vote) => vote.verdict === 'approve').length);
  const eligible = estate.people.filter(
    ({ id, roles: own }) => !voted.has(id) && !(excludeRequester && id === requester) && own.some((role) => roles.includes(role)),
  );
  const who = eligible.length === 0 ? 'nobody who is listed may give it' : `from ${eligible.map(({ name }) => name).join(', ')}`;
  return `Still waiting for ${missing} approval${missing === 1 ? '' : 's'}: ${who}. In ${minutes} minute${minutes === 1 ? '' : 's'} the plan expires, and nothing runs.`;
}
