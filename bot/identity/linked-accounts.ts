import type { DatabasePool } from 'slonik';
import type { Role } from '../../policy/contract/basics.ts';
import type { Person } from '../config-file.ts';
import type { IdentitySettings, OidcSettings } from '../oidc/settings.ts';
import type { LinkedAccounts } from '../people.ts';
import type { VoterIdentity } from '../ports.ts';
import { type Account, type Identity, identityOf, identityOfPerson } from '../store/identities.ts';
import { getSignIn } from '../store/sign-ins.ts';

export interface LinkedAccountsOptions {
  readonly pool: DatabasePool;
  /** OIDC_ISSUER; null: nobody signs in, and nothing that an issuer said counts. */
  readonly issuer: string | null;
  readonly oidc: OidcSettings;
  readonly identity: IdentitySettings;
  readonly now: () => Date;
}

const hourMs = 3_600_000;

function accountOf(identity: Exclude<VoterIdentity, { kind: 'service_token' }>, issuer: string | null): Account | null {
  switch (identity.kind) {
    case 'slack':
      return { kind: 'slack', realm: identity.team, account: identity.user };
    case 'oidc':
      return issuer === null ? null : { kind: 'oidc', realm: issuer, account: identity.subject };
    default:
      return { kind: identity.kind, realm: '', account: identity.user };
  }
}

/** What is in the database, read anew each time: another process may have linked or ended it. */
export function createLinkedAccounts({ pool, issuer, oidc, identity: settings, now }: LinkedAccountsOptions): LinkedAccounts {
  // Who came in by an e-mail stays only while e-mails are trusted.
  const counts = (found: Identity | null) => found !== null && (found.linkedBy !== 'email' || settings.trustEmail);

  async function subjectOf(person: Person, from: string): Promise<string | null> {
    if (person.oidc !== undefined) return person.oidc;
    const found = await identityOfPerson(pool, 'oidc', from, person.id);
    return found !== null && counts(found) ? found.account : null;
  }

  async function groupsOf(person: Person): Promise<readonly string[]> {
    if (issuer === null || Object.keys(oidc.roles).length === 0) return [];
    const subject = await subjectOf(person, issuer);
    const said = subject === null ? null : await getSignIn(pool, issuer, subject);
    const believed = said !== null && Date.parse(said.claimsAt) + oidc.claimsHours * hourMs > now().getTime();
    return believed ? said.groups.filter((group) => Object.hasOwn(oidc.roles, group)) : [];
  }

  return {
    async personOf(identity) {
      const account = accountOf(identity, issuer);
      const found = account === null ? null : await identityOf(pool, account);
      return found !== null && counts(found) ? found.person : null;
    },
    async slackUserOf(person, team) {
      return (await identityOfPerson(pool, 'slack', team, person))?.account ?? null;
    },
    async given(person) {
      const groups = await groupsOf(person);
      return { groups, roles: groups.flatMap((group): readonly Role[] => oidc.roles[group] ?? []) };
    },
  };
}
