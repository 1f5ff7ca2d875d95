import type { Vote } from '../contracts/plan.ts';
import type { Membership, StoredPlan } from '../ports.ts';
import type { Deps, Standing } from './deps.ts';

/** How long the check of an account at the vote itself is believed when nobody can be asked again, in milliseconds. */
const believedMs = 60_000;

const accountOf: Readonly<Record<Vote['channel'], Parameters<Membership['check']>[1]>> = {
  slack: 'slack',
  linear: 'linear',
  api: 'oidc',
  cli: 'oidc',
  web: 'oidc',
};

export interface Standings {
  /** Null: their answer does not count now. */
  of(person: string): Standing | null;
  /** Why answers do not count any more, in words. */
  readonly excluded: readonly string[];
}

interface Answered {
  readonly person: string;
  readonly channel: Vote['channel'];
  readonly atMs: number;
}

/** Everybody whose word the plan runs on; break-glass takes a sign-in. */
function answers({ votes, breakGlass }: StoredPlan): readonly Answered[] {
  const voted = votes.map(({ person, channel, createdAt }) => ({ person, channel, atMs: Date.parse(createdAt) }));
  if (breakGlass === null) return voted;
  return [...voted, { person: breakGlass.person, channel: 'api', atMs: Date.parse(breakGlass.at) }];
}

async function ask(deps: Deps, { person, channel, atMs }: Answered): Promise<Standing | { readonly refused: string }> {
  const standing = await deps.standing(person);
  if (standing === null) return { refused: `${person} is not listed under people any more` };
  const answer = await deps.membership.check(person, accountOf[channel]);
  if (answer === 'member') return standing;
  if (answer !== 'unavailable') return answer;
  if (deps.now().getTime() - atMs <= believedMs) return standing;
  return { refused: `whether ${person} is still a member could not be asked` };
}

/** What the people who answered may do now: their accounts are asked for again, since an approval is only as good as who gave it. */
export async function standingsOf(deps: Deps, stored: StoredPlan): Promise<Standings> {
  const asked = new Map(answers(stored).map((one) => [one.person, one]));
  const known = new Map(await Promise.all([...asked].map(async ([person, one]) => [person, await ask(deps, one)] as const)));
  return {
    of(person) {
      const answer = known.get(person);
      return answer === undefined || 'refused' in answer ? null : answer;
    },
    excluded: [...known.values()].flatMap((answer) => ('refused' in answer ? [answer.refused] : [])),
  };
}
