import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  ClientError,
  type Configuration,
  calculatePKCECodeChallenge,
  enableNonRepudiationChecks,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Logger } from 'pino';
import { z } from 'zod';
import { claimsOf, type IssuerClaims } from './claims.ts';
import { type Issuer, IssuerUnavailable } from './issuer.ts';

/** What has to come back from the issuer, and nobody else may know: kept by the browser, sealed. */
export const LoginSecrets = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  /** Seconds since when they must have given their credentials (`max_age`). */
  maxAge: z.number().optional(),
});
export type LoginSecrets = z.infer<typeof LoginSecrets>;

/** The authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core). */
export interface Login {
  /**
   * Where the person goes to sign in; `callback` is where they come back. `maxAge`: their credentials are asked for again when they were
   * given longer ago, in seconds. Throws IssuerUnavailable.
   */
  start(callback: string, maxAge?: number): Promise<{ readonly url: string; readonly secrets: LoginSecrets }>;
  /** `current` is the address at which they came back. Null: the issuer did not say who it is. Throws IssuerUnavailable. */
  finish(current: URL, secrets: LoginSecrets): Promise<IssuerClaims | null>;
  /** Where the issuer signs people out, who come back to `back`; null: it has no such place. Throws IssuerUnavailable. */
  signOut(back: string): Promise<string | null>;
}

export interface LoginOptions {
  readonly issuer: Issuer;
  readonly name: string;
  readonly groupsClaim: string;
  readonly log: Logger;
}

const scope = 'openid profile email';

/** The issuer's answer does not hold, as opposed to an issuer that did not answer. */
function isAnswer(error: unknown): boolean {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) return true;
  return error instanceof ClientError && error.code !== undefined && error.code !== 'OAUTH_TIMEOUT';
}

const age = (maxAge: number | undefined) => (maxAge === undefined ? {} : { maxAge });

export function createLogin({ issuer, name, groupsClaim, log }: LoginOptions): Login {
  async function configuration(): Promise<Configuration> {
    const found = await issuer();
    // The signature of the ID token too, not only the connection that it came over.
    enableNonRepudiationChecks(found);
    return found;
  }

  return {
    async start(callback, maxAge) {
      const config = await configuration();
      const secrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), ...age(maxAge) };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
        ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
      });
      return { url: url.href, secrets };
    },
    async finish(current, { state, nonce, verifier, maxAge }) {
      const config = await configuration();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true, ...age(maxAge) };
      try {
        const claims = (await authorizationCodeGrant(config, current, checks)).claims();
        return claims === undefined ? null : claimsOf(claims, groupsClaim);
      } catch (error) {
        if (!isAnswer(error)) throw new IssuerUnavailable(name, error);
        log.warn({ code: error instanceof Error && 'code' in error ? error.code : null }, 'a sign-in did not hold');
        return null;
      }
    },
    async signOut(back) {
      const config = await issuer();
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      return buildEndSessionUrl(config, { post_logout_redirect_uri: back }).href;
    },
  };
}
