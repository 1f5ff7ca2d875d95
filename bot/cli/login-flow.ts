import { z } from 'zod';
import { createApiClient } from '../api/client.ts';
import { SignInAnswer } from '../api/routes/auth.ts';
import { createIssuer } from '../oidc/issuer.ts';
import { userAgent } from './connect.ts';
import type { Out } from './out.ts';
import { type Session, writeSession } from './session.ts';
import { loginSettings, type Variables } from './settings.ts';
import { signInByDevice } from './sign-in-by-device.ts';
import { signInByLoopback } from './sign-in-by-loopback.ts';
import { expiryOf } from './tokens-of-issuer.ts';

/** What the API says, unless the environment says otherwise. */
async function placeOf({ url, issuer, clientId }: ReturnType<typeof loginSettings>): Promise<SignInAnswer> {
  const said = await createApiClient({ url, userAgent, token: null }).request('GET', '/v1/auth', SignInAnswer);
  return { ...said, issuer: issuer ?? said.issuer, clientId: clientId ?? said.clientId };
}

/** Throws ApiRefused with the words of the API, where it takes the token of nobody whom it knows. */
async function checked({ server, accessToken }: Session): Promise<void> {
  await createApiClient({ url: server, userAgent, token: accessToken }).request(
    'GET',
    '/v1/approvals',
    z.object({ items: z.array(z.unknown()) }),
  );
}

/** `browser`: on this machine, as opposed to a code for another device. Throws SignInFailed, IssuerUnavailable, and what the API client throws. */
export async function login(browser: boolean, out: Out, variables: Variables | undefined): Promise<Session> {
  const settings = loginSettings(variables);
  const place = await placeOf(settings);
  const { issuer, clientId, audience } = place;
  const configuration = await createIssuer({ issuer, clientId, clientSecret: null })();
  const tokens = await (browser ? signInByLoopback : signInByDevice)(configuration, place, out);
  const session: Session = {
    file: settings.file,
    server: new URL(settings.url).origin,
    issuer,
    clientId,
    audience,
    subject: tokens.claims()?.sub ?? '',
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? null,
    expiresAt: expiryOf(tokens),
  };
  await checked(session);
  writeSession(session);
  return session;
}
