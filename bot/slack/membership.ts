import type { Membership } from '../../workflows/ports.ts';
import type { Directory, Member } from '../people.ts';
import type { Accounts, NoMember } from './accounts.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import type { SlackIdentity } from './identity.ts';

export interface MembershipDeps {
  readonly directory: Pick<Directory, 'current' | 'slackOf'>;
  /** Null: Slack is off. Must not believe old answers. */
  readonly slack: { readonly accounts: Accounts; readonly identity: () => Promise<SlackIdentity> } | null;
}

const why: Readonly<Record<NoMember, string>> = {
  foreign: 'belongs to another workspace',
  guest: 'is a guest now',
  bot: 'is a bot',
  deactivated: 'is deactivated',
  unknown: 'is not known to Slack',
};

async function accountAnswer(
  { directory }: MembershipDeps,
  { accounts, identity }: NonNullable<MembershipDeps['slack']>,
  person: Member,
): Promise<'member' | 'no_account' | NoMember> {
  const { team } = await identity();
  const account = await directory.slackOf(person, team);
  if (account === null) return 'no_account';
  const answer = await accounts.check(account);
  return answer.kind === 'member' ? 'member' : answer.code;
}

/** Asks Slack anew. Whoever has a Slack account must be a full, active member with it, through whatever channel they voted. */
export function createMembership(deps: MembershipDeps): Membership {
  return {
    async check(id, kind) {
      const person = await deps.directory.current(id);
      if (person === null) return { refused: `${id} is not listed under people any more` };
      if (deps.slack === null) return kind === 'slack' ? { refused: `${person.name} voted in Slack, which is off now` } : 'member';
      try {
        const answer = await accountAnswer(deps, deps.slack, person);
        if (answer === 'member') return 'member';
        if (answer !== 'no_account') return { refused: `the Slack account of ${person.name} ${why[answer]}` };
        return kind === 'slack' ? { refused: `the Slack account of ${person.name} is not linked to them any more` } : 'member';
      } catch (error) {
        if (error instanceof SlackUnavailable || error instanceof SlackRefused) return 'unavailable';
        throw error;
      }
    },
  };
}
