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
import { registerLinkPages, type TakeAnswer } from '../web/link.ts';
import type { PageIdentity } from '../web/sign-in.ts';

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
  /** For the pages; null: people do not sign in. */
  readonly pages: PageIdentity | null;
  /** `take`: of the pages that sign people in. */
  addPages(api: Api, take: TakeAnswer | null): Promise<void>;
}

/** Without an identity provider: people are those whom the file lists with their accounts. */
export const noIdentitySide: IdentitySide = {
  authenticate: null,
  signIn: null,
  invitations: noInvitations,
  pages: null,
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
    pages: { issuer: place.issuer, login, signIns },
    addPages: (api, take) => registerLinkPages(api, { desk, login, baseUrl, key, now: store.now, log }, take ?? undefined),
  };
}
