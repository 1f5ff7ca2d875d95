import type { Membership } from '../../workflows/ports.ts';
import { PeerRefused, PeerUnavailable } from '../mirrors/errors.ts';
import type { LinearUsers } from '../mirrors/linear/users.ts';
import type { Directory, Member } from '../people.ts';
import type { Accounts, NoMember } from './accounts.ts';
import { SlackRefused, SlackUnavailable } from './errors.ts';
import type { SlackIdentity } from './identity.ts';

export interface MembershipDeps {
  readonly directory: Pick<Directory, 'current' | 'slackOf'>;
  /** Null: Slack is off. Must not believe old answers. */
  readonly slack: { readonly accounts: Accounts; readonly identity: () => Promise<SlackIdentity> } | null;
  /** Null: nobody can ask Linear here. */
  readonly linear: LinearUsers | null;
}

type Standing = Awaited<ReturnType<Membership['check']>>;

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

async function inSlack(deps: MembershipDeps, person: Member, kind: Parameters<Membership['check']>[1]): Promise<Standing> {
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
}

async function inLinear({ linear }: MembershipDeps, { name, linear: user }: Member): Promise<Standing> {
  if (user === undefined) return { refused: `the Linear account of ${name} is not listed any more` };
  if (linear === null) return 'unavailable';
  try {
    const answer = await linear.check(user);
    return answer === 'member' ? 'member' : { refused: `the Linear account of ${name} is ${answer}` };
  } catch (error) {
    if (error instanceof PeerUnavailable || error instanceof PeerRefused) return 'unavailable';
    throw error;
  }
}

/**
 * Asks anew: Slack about whoever has an account there, through whatever channel they voted, and Linear about whoever voted in it. A
 * sign-in cannot be asked about: its issuer answers only while the person is there.
 */
export function createMembership(deps: MembershipDeps): Membership {
  return {
    async check(id, kind) {
      const person = await deps.directory.current(id);
      if (person === null) return { refused: `${id} is not listed under people any more` };
      const answer = await inSlack(deps, person, kind);
      return answer === 'member' && kind === 'linear' ? inLinear(deps, person) : answer;
    },
  };
}
