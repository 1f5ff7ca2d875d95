import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

/** What the issuer said of a subject when it was last heard. */
export const SignIn = z.object({
  groups: z.array(z.string()),
  /** When the person gave their credentials; null where the issuer does not say. */
  signedInAt: z.string().nullable(),
  /** When the issuer said so. */
  claimsAt: z.string(),
});
export type SignIn = z.infer<typeof SignIn>;

const columns = sql.fragment`groups, signed_in_at AS "signedInAt", claims_at AS "claimsAt"`;

export function getSignIn(db: Db, issuer: string, subject: string): Promise<SignIn | null> {
  return db.maybeOne(sql.type(SignIn)`SELECT ${columns} FROM sign_ins WHERE issuer = ${issuer} AND subject = ${subject}`);
}

/** False, and nothing changed, when something newer is known: tokens may arrive in any order. */
export async function putSignIn(tx: Tx, issuer: string, subject: string, signIn: SignIn): Promise<boolean> {
  const stored = await tx.maybeOne(sql.type(z.object({ subject: z.string() }))`
    INSERT INTO sign_ins (issuer, subject, groups, signed_in_at, claims_at)
    VALUES (${issuer}, ${subject}, ${sql.array([...signIn.groups], 'text')}, ${signIn.signedInAt}, ${signIn.claimsAt})
    ON CONFLICT (issuer, subject) DO UPDATE
    SET groups = excluded.groups, signed_in_at = excluded.signed_in_at, claims_at = excluded.claims_at
    WHERE sign_ins.claims_at < excluded.claims_at
    RETURNING subject
  `);
  return stored !== null;
}
