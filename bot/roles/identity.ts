import type { Api } from '../api/context.ts';
import { createPersonAuthenticator } from '../api/person.ts';
import type { AuthenticatePerson } from '../api/principal.ts';
import type { SignInAnswer } from '../api/routes/auth.ts';
import type { Core } from '../core.ts';
import { createInvitations, type Invitations, noInvitations } from '../identity/invitations.ts';
import { createLinkingDesk } from '../identity/linking.ts';
import { createSignIns } from '../identity/sign-ins.ts';
import { createAccessTokens } from '../oidc/access-tokens.ts';
import { createIssuer, type OidcPlace } from '../oidc/issuer.ts';
import { createLogin } from '../oidc/login.ts';
import { registerLinkPages } from '../web/link.ts';

/** The identity provider as the bot uses it. */
export interface SignInPlace extends OidcPlace {
  /** Client of the command line. */
  readonly cliClientId: string;
}

/** People by their sign-in: over the API, and by links from Slack. */
export interface IdentitySide {
  readonly authenticate: AuthenticatePerson | null;
  readonly signIn: SignInAnswer | null;
  readonly invitations: Invitations;
  addPages(api: Api): Promise<void>;
}

/** Without an identity provider: people are those whom the file lists with their accounts. */
export const noIdentitySide: IdentitySide = {
  authenticate: null,
  signIn: null,
  invitations: noInvitations,
  addPages: async () => {},
};

/** `baseUrl`: where people reach the pages, null while that is nowhere; `key`: PAYLOAD_KEY. */
export function createIdentitySide(core: Core, place: SignInPlace, baseUrl: () => string | null, key: Uint8Array): IdentitySide {
  const { pool, store, directory, log } = core;
  const { oidc, identity } = core.file;
  const issuer = createIssuer(place);
  const signIns = createSignIns({ pool, store, directory, issuer: place.issuer, oidc, identity });
  const desk = createLinkingDesk({ pool, store, directory, signIns });
  const login = createLogin({ issuer, name: place.issuer, groupsClaim: oidc.groupsClaim, log });
  return {
    authenticate: createPersonAuthenticator(createAccessTokens(issuer, place.issuer, oidc), signIns),
    signIn: { issuer: place.issuer, clientId: place.cliClientId, audience: oidc.audience, scopes: oidc.scopes },
    invitations: createInvitations({ pool, store, baseUrl }),
    addPages: (api) => registerLinkPages(api, { desk, login, baseUrl, key, now: store.now, log }),
  };
}
