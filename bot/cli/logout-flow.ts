import { buildEndSessionUrl, type Configuration, ResponseBodyError, tokenRevocation } from 'openid-client';
import { createIssuer, IssuerUnavailable } from '../oidc/issuer.ts';
import { underLock } from './lock.ts';
import { dropSession, readSession, type Session } from './session.ts';

const kinds = ['refresh_token', 'access_token'] as const;
type Kind = (typeof kinds)[number];

/** What became of a sign-in. */
export interface LoggedOut {
  readonly server: string;
  readonly issuer: string;
  readonly subject: string;
  /** What the issuer took back. */
  readonly revoked: readonly Kind[];
  /** Why it took back nothing; null: it did. */
  readonly problem: 'no_revocation' | 'issuer_unavailable' | 'refused' | null;
  /** Where a browser that is signed in at the issuer signs out there; null: the issuer has no such place, or does not answer. */
  readonly endSession: string | null;
  /** Until when an access token that was copied is good, which nobody can take back; null: it is not any more. */
  readonly accessUntil: string | null;
}

/** RFC 7009. */
async function revoke(configuration: Configuration, session: Session): Promise<readonly Kind[]> {
  const tokens = { refresh_token: session.refreshToken, access_token: session.accessToken };
  const revoked: Kind[] = [];
  for (const kind of kinds) {
    const token = tokens[kind];
    if (token === null) continue;
    try {
      await tokenRevocation(configuration, token, { token_type_hint: kind });
      revoked.push(kind);
    } catch (error) {
      // The issuer knows no revocation of this kind, or knows the token no more.
      if (!(error instanceof ResponseBodyError)) throw new IssuerUnavailable(session.issuer, error);
    }
  }
  return revoked;
}

type AtIssuer = Pick<LoggedOut, 'revoked' | 'problem' | 'endSession'>;

async function atIssuer(session: Session): Promise<AtIssuer> {
  const { issuer, clientId } = session;
  let endSession: string | null = null;
  try {
    const configuration = await createIssuer({ issuer, clientId, clientSecret: null })();
    const { revocation_endpoint: revocation, end_session_endpoint: end } = configuration.serverMetadata();
    if (end !== undefined) endSession = buildEndSessionUrl(configuration).href;
    if (revocation === undefined) return { revoked: [], problem: 'no_revocation', endSession };
    const revoked = await revoke(configuration, session);
    return { revoked, problem: revoked.length === 0 ? 'refused' : null, endSession };
  } catch (error) {
    if (!(error instanceof IssuerUnavailable)) throw error;
    return { revoked: [], problem: 'issuer_unavailable', endSession };
  }
}

/** The tokens are deleted here, whatever the issuer says. Null: nobody is signed in at that server. Throws SessionBroken. */
export async function logout(file: string, url: string): Promise<LoggedOut | null> {
  if (readSession(file, url) === null) return null;
  // A process that renews the session at the same time would write it back.
  return underLock(`${file}.lock`, async () => {
    const session = readSession(file, url);
    if (session === null) return null;
    const { server, issuer, subject, expiresAt } = session;
    try {
      const accessUntil = expiresAt > Date.now() ? new Date(expiresAt).toISOString() : null;
      return { server, issuer, subject, ...(await atIssuer(session)), accessUntil };
    } finally {
      dropSession(session);
    }
  });
}
