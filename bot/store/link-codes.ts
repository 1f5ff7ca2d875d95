import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { clean, type Db, sql, type Tx } from './sql.ts';

/** A Slack account that may say who it is. Names are as Slack has them. */
export const LinkCode = z.object({
  team: z.string(),
  user: z.string(),
  teamName: z.string(),
  userName: z.string(),
});
export type LinkCode = z.infer<typeof LinkCode>;

export type LinkCodeState =
  | { readonly kind: 'open'; readonly code: LinkCode }
  | { readonly kind: 'used' | 'expired'; readonly code: LinkCode }
  /** Never given out, or replaced by a newer one. */
  | { readonly kind: 'unknown' };

const Row = LinkCode.extend({ usedAt: z.string().nullable(), expired: z.boolean() });
const columns = sql.fragment`team, slack_user AS "user", team_name AS "teamName", user_name AS "userName", used_at AS "usedAt"`;

/** The code has 256 random bits, so one round of SHA-256 is enough: there is nothing to guess. */
export function hashOfCode(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}

/** Answers the code, which is kept nowhere. Those that the account got before are worth nothing from then on. */
export async function createLinkCode(tx: Tx, { team, user, teamName, userName }: LinkCode, expiresAt: Date): Promise<string> {
  const code = randomBytes(32).toString('base64url');
  await tx.query(sql.typeAlias('none')`
    INSERT INTO link_codes (team, slack_user, hash, team_name, user_name, expires_at)
    VALUES (${team}, ${user}, ${sql.binary(hashOfCode(code))}, ${clean(teamName)}, ${clean(userName)}, ${expiresAt.toISOString()})
    ON CONFLICT (team, slack_user) DO UPDATE
    SET hash = excluded.hash, team_name = excluded.team_name, user_name = excluded.user_name, expires_at = excluded.expires_at, used_at = NULL
  `);
  return code;
}

export async function linkCodeState(db: Db, hash: Buffer, now: Date): Promise<LinkCodeState> {
  const row = await db.maybeOne(sql.type(Row)`
    SELECT ${columns}, expires_at <= ${now.toISOString()} AS expired FROM link_codes WHERE hash = ${sql.binary(hash)}
  `);
  if (row === null) return { kind: 'unknown' };
  const { usedAt, expired, ...code } = row;
  if (usedAt !== null) return { kind: 'used', code };
  return { kind: expired ? 'expired' : 'open', code };
}

/** One statement decides, so of any number of uses one wins. False: it was used, expired or replaced meanwhile. */
export async function spendLinkCode(tx: Tx, hash: Buffer, now: Date): Promise<boolean> {
  const used = await tx.maybeOne(sql.type(z.object({ team: z.string() }))`
    UPDATE link_codes SET used_at = ${now.toISOString()}
    WHERE hash = ${sql.binary(hash)} AND used_at IS NULL AND expires_at > ${now.toISOString()} RETURNING team
  `);
  return used !== null;
}
