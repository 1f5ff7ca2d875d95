import type { DatabasePool } from 'slonik';
import type { IssuerClaims } from '../oidc/claims.ts';
import type { Directory, Member } from '../people.ts';
import type { Actor } from '../store/audit.ts';
import { insertIdentity } from '../store/identities.ts';
import { type LinkCode, type LinkCodeState, linkCodeState, spendLinkCode } from '../store/link-codes.ts';
import { inTransaction } from '../store/pool.ts';
import type { Tx } from '../store/sql.ts';
import type { Store } from '../store/store.ts';
import type { SignIns } from './sign-ins.ts';

export type LinkRefusal =
  /** Never given out, replaced by a newer one, used, or too old. */
  | 'unknown_code'
  | 'used_code'
  | 'expired_code'
  /** The sign-in began in another browser, or long ago. */
  | 'other_browser'
  /** Whoever signed in is nobody whom the configuration lists. */
  | 'unknown_person'
  /** The Slack account is somebody else's. */
  | 'taken'
  /** The person has another Slack account. */
  | 'other_account'
  /** The issuer did not say who it is: the person said no, or the answer does not hold. */
  | 'not_signed_in';

export type Linking =
  | { readonly kind: 'linked'; readonly person: Member; readonly account: LinkCode }
  | { readonly kind: 'refused'; readonly code: LinkRefusal; readonly subject: string | null };

export interface LinkingDeps {
  readonly pool: DatabasePool;
  readonly store: Pick<Store, 'record' | 'now'>;
  readonly directory: Directory;
  readonly signIns: SignIns;
}

/** From an invitation to a known Slack account. Throws StoreUnavailable. */
export interface LinkingDesk {
  /** What a code (its hash) stands for. */
  look(hash: Buffer): Promise<LinkCodeState>;
  /** Uses the code for whoever has signed in. Every refusal is audited; what `link` refuses uses the code up. */
  link(hash: Buffer, claims: IssuerClaims): Promise<Linking>;
  /** Audits what ended before it came to `link`. */
  refuse(code: LinkRefusal, account: LinkCode | null): Promise<void>;
}

const closed = { unknown: 'unknown_code', used: 'used_code', expired: 'expired_code' } as const;

type Claim = 'free' | 'same' | LinkRefusal;

/** Whether that person may have that account; `same`: it is theirs already. */
async function claimOn(directory: Directory, { team, user }: LinkCode, person: Member | null): Promise<Claim> {
  if (person === null) return 'unknown_person';
  const owner = await directory.of({ kind: 'slack', team, user });
  if (owner !== null) return owner.id === person.id ? 'same' : 'taken';
  return (await directory.slackOf(person, team)) === null ? 'free' : 'other_account';
}

const slackActor = ({ team, user }: LinkCode): Actor => ({ kind: 'person', id: `slack:${team}/${user}` });

export function createLinkingDesk({ pool, store, directory, signIns }: LinkingDeps): LinkingDesk {
  async function audit(
    tx: Tx,
    kind: 'linked' | 'confirmed' | 'refused',
    account: LinkCode | null,
    ids: Readonly<Record<string, string | null>>,
  ) {
    const actor: Actor = account === null ? { kind: 'system', id: 'web' } : slackActor(account);
    const where = { kind: 'slack', realm: account?.team ?? null, account: account?.user ?? null };
    await store.record(tx, { kind: `identity.${kind}`, actor, incidentId: null, ids: { ...where, ...ids } });
  }

  /** Null: it is theirs now. */
  async function take(tx: Tx, account: LinkCode, person: Member): Promise<LinkRefusal | null> {
    const identity = { kind: 'slack', realm: account.team, account: account.user } as const;
    // Null: somebody else, or the same person elsewhere, was quicker.
    if ((await insertIdentity(tx, identity, person.id, 'login', store.now())) === null) return 'other_account';
    await audit(tx, 'linked', account, { person: person.id, by: 'login' });
    return null;
  }

  /** Uses the code up, whatever comes of it. Null: the account is theirs. */
  async function settle(tx: Tx, hash: Buffer, account: LinkCode, person: Member | null, claim: Claim): Promise<LinkRefusal | null> {
    if (!(await spendLinkCode(tx, hash, store.now()))) return 'used_code';
    if (person === null) return 'unknown_person';
    if (claim === 'free') return take(tx, account, person);
    if (claim !== 'same') return claim;
    await audit(tx, 'confirmed', account, { person: person.id });
    return null;
  }

  const look = (hash: Buffer) => linkCodeState(pool, hash, store.now());
  const refuse = async (code: LinkRefusal, account: LinkCode | null, subject: string | null): Promise<Linking> => {
    await inTransaction(pool, (tx) => audit(tx, 'refused', account, { code, subject }));
    return { kind: 'refused', code, subject };
  };

  return {
    look,
    refuse: async (code, account) => void (await refuse(code, account, null)),
    async link(hash, claims) {
      const { subject } = claims;
      const state = await look(hash);
      if (state.kind !== 'open') return refuse(closed[state.kind], state.kind === 'unknown' ? null : state.code, subject);
      const account = state.code;
      const person = await signIns.signIn(claims);
      const claim = await claimOn(directory, account, person);
      return inTransaction(pool, async (tx): Promise<Linking> => {
        const code = await settle(tx, hash, account, person, claim);
        if (code === null && person !== null) return { kind: 'linked', person, account };
        await audit(tx, 'refused', account, { code, subject });
        return { kind: 'refused', code: code ?? 'unknown_person', subject };
      });
    },
  };
}
