import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
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
export const LoginSecrets = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string() });
export type LoginSecrets = z.infer<typeof LoginSecrets>;

/** The authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core). */
export interface Login {
  /** Where the person goes to sign in; `callback` is where they come back. Throws IssuerUnavailable. */
  start(callback: string): Promise<{ readonly url: string; readonly secrets: LoginSecrets }>;
  /** `current` is the address at which they came back. Null: the issuer did not say who it is. Throws IssuerUnavailable. */
  finish(current: URL, secrets: LoginSecrets): Promise<IssuerClaims | null>;
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

export function createLogin({ issuer, name, groupsClaim, log }: LoginOptions): Login {
  async function configuration(): Promise<Configuration> {
    const found = await issuer();
    // The signature of the ID token too, not only the connection that it came over.
    enableNonRepudiationChecks(found);
    return found;
  }

  return {
    async start(callback) {
      const config = await configuration();
      const secrets = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope,
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, secrets };
    },
    async finish(current, { state, nonce, verifier }) {
      const config = await configuration();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      try {
        const claims = (await authorizationCodeGrant(config, current, checks)).claims();
        return claims === undefined ? null : claimsOf(claims, groupsClaim);
      } catch (error) {
        if (!isAnswer(error)) throw new IssuerUnavailable(name, error);
        log.warn({ code: error instanceof Error && 'code' in error ? error.code : null }, 'a sign-in did not hold');
        return null;
      }
    },
  };
}
