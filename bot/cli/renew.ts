import { ResponseBodyError, refreshTokenGrant } from 'openid-client';
import { createIssuer, IssuerUnavailable } from '../oidc/issuer.ts';
import type { Session } from './session.ts';
import { expiryOf, resourceOf } from './tokens-of-issuer.ts';

/** The issuer gives no new token: the person has to sign in again. */
export class SessionEnded extends Error {
  readonly code = 'session_ended';
  constructor(cause?: unknown) {
    super('your session has ended: sign in again (watchkeeper login)', { cause });
    this.name = 'SessionEnded';
  }
}

/** Throws SessionEnded, IssuerUnavailable. */
export async function renew(session: Session): Promise<Session> {
  const { issuer, clientId, refreshToken, audience } = session;
  if (refreshToken === null) throw new SessionEnded();
  const configuration = await createIssuer({ issuer, clientId, clientSecret: null })();
  try {
    const tokens = await refreshTokenGrant(configuration, refreshToken, resourceOf(audience));
    const accessToken = tokens.access_token;
    return { ...session, accessToken, refreshToken: tokens.refresh_token ?? refreshToken, expiresAt: expiryOf(tokens) };
  } catch (error) {
    throw error instanceof ResponseBodyError ? new SessionEnded(error) : new IssuerUnavailable(issuer, error);
  }
}
