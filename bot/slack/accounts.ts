import type { WebClient } from '@slack/web-api';
import { callSlack } from './call.ts';
import { SlackRefused } from './errors.ts';
import type { SlackIdentity } from './identity.ts';

export interface SlackUser {
  readonly team: string;
  readonly user: string;
}

/** Why an account is no full member of our workspace; `unknown`: Slack did not say. */
export type NoMember = 'foreign' | 'guest' | 'bot' | 'deactivated' | 'unknown';

export type Account =
  | { readonly kind: 'member' /** As Slack shows it. */; readonly name: string }
  | { readonly kind: 'refused'; readonly code: NoMember; readonly message: string };

export interface Accounts {
  /** Full members of our own workspace pass. Throws SlackUnavailable when Slack cannot be asked. */
  check(who: SlackUser): Promise<Account>;
}

const messages: Readonly<Record<NoMember, string>> = {
  foreign: 'You are from another workspace (Slack Connect). Only members of this workspace can do that.',
  guest: 'Guests of this workspace cannot do that. Ask a member.',
  bot: 'Bots cannot do that. Only people can.',
  deactivated: 'This account is deactivated.',
  unknown: 'Slack did not say who you are, so this was not done. Ask an administrator to check the app’s users:read permission.',
};

/** How long an answer of Slack about a person is believed, where nothing hangs on it but a refusal that comes later anyway. */
const usuallyBelievedMs = 60_000;

function refused(code: NoMember): Account {
  return { kind: 'refused', code, message: messages[code] };
}

export interface AccountsOptions {
  readonly client: WebClient;
  readonly identity: () => Promise<SlackIdentity>;
  readonly now?: () => number;
  /** 0: Slack is asked each time. */
  readonly believedMs?: number;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { client, identity, now = Date.now, believedMs = usuallyBelievedMs } = options;
  const known = new Map<string, { readonly account: Account; readonly until: number }>();

  async function ask(user: string): Promise<Account> {
    try {
      const { user: profile } = await callSlack('users.info', () => client.users.info({ user }));
      if (profile === undefined) return refused('unknown');
      if (profile.deleted === true) return refused('deactivated');
      if (profile.is_bot === true || user === 'USLACKBOT') return refused('bot');
      if (profile.is_restricted === true || profile.is_ultra_restricted === true) return refused('guest');
      if ((profile as { is_stranger?: boolean }).is_stranger === true) return refused('foreign');
      return { kind: 'member', name: profile.real_name ?? profile.name ?? user };
    } catch (error) {
      if (error instanceof SlackRefused) return refused('unknown');
      throw error;
    }
  }

  return {
    async check({ team, user }) {
      const { team: own } = await identity();
      if (team !== own) return refused('foreign');
      const remembered = known.get(user);
      if (remembered !== undefined && remembered.until > now()) return remembered.account;
      const account = await ask(user);
      if (known.size > 10_000) known.clear();
      known.set(user, { account, until: now() + believedMs });
      return account;
    },
  };
}
