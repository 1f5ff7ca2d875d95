import { underLock } from './lock.ts';
import { readSession, type Session, writeSession } from './session.ts';

/** Milliseconds before its end at which a token counts as expired. */
const marginMs = 30_000;

const isFresh = ({ expiresAt }: Session) => expiresAt - marginMs > Date.now();

/** An access token that is valid now. A refresh token may be good once only, so one process renews, and the others take what it got. Throws SessionEnded, IssuerUnavailable. */
export async function freshToken(session: Session): Promise<string> {
  if (isFresh(session)) return session.accessToken;
  return underLock(`${session.file}.lock`, async () => {
    const current = readSession(session.file, session.server) ?? session;
    if (isFresh(current)) return current.accessToken;
    // Loaded when asked for: most commands come with a token that is still good.
    const { renew } = await import('./renew.ts');
    const next = await renew(current);
    writeSession(next);
    return next.accessToken;
  });
}
