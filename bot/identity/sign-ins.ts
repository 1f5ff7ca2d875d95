import type { DatabasePool } from 'slonik';
import type { Person } from '../config-file.ts';
import type { IssuerClaims } from '../oidc/claims.ts';
import type { IdentitySettings, OidcSettings } from '../oidc/settings.ts';
import type { Directory, Member } from '../people.ts';
import { identityOfPerson, insertIdentity } from '../store/identities.ts';
import { inTransaction } from '../store/pool.ts';
import { getSignIn, putSignIn, type SignIn } from '../store/sign-ins.ts';
import type { Store } from '../store/store.ts';

export interface SignIns {
  /** Keeps what the issuer says, and answers who it is; null: nobody whom the configuration lists. Throws StoreUnavailable. */
  signIn(claims: IssuerClaims): Promise<Member | null>;
}

export interface SignInsOptions {
  readonly pool: DatabasePool;
  readonly store: Pick<Store, 'record' | 'now'>;
  readonly directory: Directory;
  readonly issuer: string;
  readonly oidc: OidcSettings;
  readonly identity: IdentitySettings;
}

function sameGroups(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((group) => other.includes(group));
}

/** The one person with that e-mail whom the file gives no subject. Two of them: neither. */
function personWithEmail(people: readonly Person[], email: string): Person | null {
  const [only, ...others] = people.filter((person) => person.email?.toLowerCase() === email.toLowerCase());
  return only === undefined || others.length > 0 || only.oidc !== undefined ? null : only;
}

export function createSignIns({ pool, store, directory, issuer, oidc, identity: settings }: SignInsOptions): SignIns {
  /** Only the first subject with an e-mail gets its person: a second one is nobody. */
  async function linkByEmail(subject: string, email: string): Promise<boolean> {
    const person = personWithEmail(directory.people, email);
    if (person === null || (await identityOfPerson(pool, 'oidc', issuer, person.id)) !== null) return false;
    return inTransaction(pool, async (tx) => {
      const linked = await insertIdentity(tx, { kind: 'oidc', realm: issuer, account: subject }, person.id, 'email', store.now());
      if (linked === null) return false;
      const ids = { kind: 'oidc', realm: issuer, account: subject, person: person.id, by: 'email' };
      await store.record(tx, { kind: 'identity.linked', actor: { kind: 'person', id: person.id }, incidentId: null, ids });
      return true;
    });
  }

  async function keep(person: string, { subject, groups, signedInAt, claimsAt }: IssuerClaims): Promise<void> {
    const before = await getSignIn(pool, issuer, subject);
    if (before !== null && Date.parse(before.claimsAt) >= claimsAt.getTime()) return;
    const known = groups.filter((group) => Object.hasOwn(oidc.roles, group)).toSorted();
    const now: SignIn = { groups: known, signedInAt: signedInAt?.toISOString() ?? null, claimsAt: claimsAt.toISOString() };
    await inTransaction(pool, async (tx) => {
      if (!(await putSignIn(tx, issuer, subject, now))) return;
      // A token that is renewed and says the same is no news.
      if (before !== null && before.signedInAt === now.signedInAt && sameGroups(before.groups, known)) return;
      const ids = { subject, groups: known.join(' '), signedInAt: now.signedInAt };
      await store.record(tx, { kind: 'person.signed_in', actor: { kind: 'person', id: person }, incidentId: null, ids });
    });
  }

  return {
    async signIn(claims) {
      const identity = { kind: 'oidc', subject: claims.subject } as const;
      let person = await directory.of(identity);
      if (person === null && settings.trustEmail && claims.email !== null && (await linkByEmail(claims.subject, claims.email)))
        person = await directory.of(identity);
      if (person === null) return null;
      await keep(person.id, claims);
      return directory.of(identity);
    },
  };
}
