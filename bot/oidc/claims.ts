import { z } from 'zod';

/** What the issuer says of a person, from a token whose signature and purpose were checked. */
export interface IssuerClaims {
  readonly subject: string;
  readonly groups: readonly string[];
  /** Only one that the issuer has verified. */
  readonly email: string | null;
  /** When the person gave their credentials; null where the issuer does not say. */
  readonly signedInAt: Date | null;
  /** When the token was issued. */
  readonly claimsAt: Date;
}

const Claims = z.object({
  sub: z.string().min(1).max(255),
  iat: z.number(),
  auth_time: z.number().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
});

const Groups = z.union([z.array(z.string()), z.string().transform((one) => [one])]).catch([]);

/** What a token says of the person, once it is known to be genuine; null: not what it must say. `groupsClaim`: which of them lists groups. */
export function claimsOf(payload: Readonly<Record<string, unknown>>, groupsClaim: string): IssuerClaims | null {
  const claims = Claims.safeParse(payload).data;
  if (claims === undefined) return null;
  const at = (seconds: number) => new Date(seconds * 1_000);
  return {
    subject: claims.sub,
    groups: Groups.parse(payload[groupsClaim]),
    email: claims.email_verified === true ? (claims.email ?? null) : null,
    signedInAt: claims.auth_time === undefined ? null : at(claims.auth_time),
    claimsAt: at(claims.iat),
  };
}
