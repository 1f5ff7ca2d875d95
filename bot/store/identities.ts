import { z } from 'zod';
import type { Actor } from './audit.ts';
import { uuidv7 } from './id.ts';
import type { Recorder } from './record.ts';
import { type Db, sql, type Tx } from './sql.ts';

export const IdentityKind = z.enum(['slack', 'linear', 'pagerduty', 'oidc']);
export type IdentityKind = z.infer<typeof IdentityKind>;

/** An account in another system. `realm` is the Slack team or the OIDC issuer, and empty for the others. */
export interface Account {
  readonly kind: IdentityKind;
  readonly realm: string;
  readonly account: string;
}

/** How somebody came to be known by an account: by a one-time login, or by an e-mail that the issuer has verified. */
const LinkedBy = z.enum(['login', 'email']);
export type LinkedBy = z.infer<typeof LinkedBy>;

export const Identity = z.object({
  id: z.string(),
  kind: IdentityKind,
  realm: z.string(),
  account: z.string(),
  person: z.string(),
  linkedAt: z.string(),
  linkedBy: LinkedBy,
});
export type Identity = z.infer<typeof Identity>;

const columns = sql.fragment`id, kind, realm, account, person, linked_at AS "linkedAt", linked_by AS "linkedBy"`;

/** Whose account it is; null when nobody has linked it. */
export function identityOf(db: Db, { kind, realm, account }: Account): Promise<Identity | null> {
  return db.maybeOne(sql.type(Identity)`
    SELECT ${columns} FROM identities WHERE kind = ${kind} AND realm = ${realm} AND account = ${account} AND ended_at IS NULL
  `);
}

/** The account that a person has linked in a realm. */
export function identityOfPerson(db: Db, kind: IdentityKind, realm: string, person: string): Promise<Identity | null> {
  return db.maybeOne(sql.type(Identity)`
    SELECT ${columns} FROM identities WHERE kind = ${kind} AND realm = ${realm} AND person = ${person} AND ended_at IS NULL
  `);
}

/** Null when the account belongs to somebody, or the person has another account there. */
export async function insertIdentity(tx: Tx, account: Account, person: string, by: LinkedBy, now: Date): Promise<Identity | null> {
  return tx.maybeOne(sql.type(Identity)`
    INSERT INTO identities (id, kind, realm, account, person, linked_at, linked_by)
    VALUES (${uuidv7(now)}, ${account.kind}, ${account.realm}, ${account.account}, ${person}, ${now.toISOString()}, ${by})
    ON CONFLICT DO NOTHING RETURNING ${columns}
  `);
}

/** False when there is no such link, or it has ended already. The account may be linked anew, to whomever. */
export async function endIdentity(tx: Tx, record: Recorder, id: string, now: Date, actor: Actor): Promise<boolean> {
  const ended = await tx.maybeOne(sql.type(Identity)`
    UPDATE identities SET ended_at = ${now.toISOString()}, ended_by = ${`${actor.kind}:${actor.id}`}
    WHERE id = ${id} AND ended_at IS NULL RETURNING ${columns}
  `);
  if (ended === null) return false;
  const { kind, realm, account, person } = ended;
  await record(tx, { kind: 'identity.ended', actor, incidentId: null, ids: { kind, realm, account, person } });
  return true;
}

/** Those that count, oldest first, from after that one. Ids sort by time. */
export function listIdentities(db: Db, after: string | null, limit: number): Promise<readonly Identity[]> {
  return db.any(sql.type(Identity)`
    SELECT ${columns} FROM identities WHERE ended_at IS NULL AND id > ${after ?? ''} ORDER BY id LIMIT ${limit}
  `);
}
