import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { claimsOf, type IssuerClaims } from './claims.ts';
import { type Issuer, IssuerUnavailable } from './issuer.ts';
import type { OidcSettings } from './settings.ts';

/** Claims of a genuine access token for us; null: anything else. What is wrong with it is not told. Throws IssuerUnavailable. */
export type AccessTokens = (token: string) => Promise<IssuerClaims | null>;

/** With a key pair only: what verifies cannot sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** Seconds by which clocks may differ. */
const clockTolerance = 5;

/** Claims that only ID tokens have (OpenID Connect Core 1.0, 2 and 3.1.3.6). */
const ofIdTokens = ['nonce', 'at_hash', 'c_hash'];

/** What is wrong with a token, as opposed to an issuer whose keys cannot be had. */
const faults = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
];

function keysAt(address: string | undefined): JWTVerifyGetKey {
  if (address === undefined) throw new TypeError('the issuer names no jwks_uri');
  return createRemoteJWKSet(new URL(address), { cacheMaxAge: 600_000, cooldownDuration: 30_000, timeoutDuration: 5_000 });
}

export function createAccessTokens(issuer: Issuer, name: string, { audience, tokenType, groupsClaim }: OidcSettings): AccessTokens {
  let keys: JWTVerifyGetKey | null = null;
  const expected = { audience, typ: tokenType, algorithms, clockTolerance, requiredClaims: ['iss', 'sub', 'exp', 'iat'] };
  // Asked for once the form of the token is right: what is no token at all costs nobody a request.
  const key: JWTVerifyGetKey = async (header, jws) => {
    keys ??= keysAt((await issuer()).serverMetadata().jwks_uri);
    return keys(header, jws);
  };

  async function verify(token: string): Promise<JWTPayload | null> {
    try {
      const { payload } = await jwtVerify(token, key, expected);
      return payload.iss === (await issuer()).serverMetadata().issuer ? payload : null;
    } catch (error) {
      if (faults.some((fault) => error instanceof fault)) return null;
      throw error instanceof IssuerUnavailable ? error : new IssuerUnavailable(name, error);
    }
  }

  return async (token) => {
    const payload = await verify(token);
    if (payload === null || ofIdTokens.some((claim) => payload[claim] !== undefined)) return null;
    return claimsOf(payload, groupsClaim);
  };
}
