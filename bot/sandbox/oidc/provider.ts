import { randomBytes } from 'node:crypto';
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Html } from '../../web/html.ts';
import type { Documents } from '../peer/database.ts';
import { createAdapter } from './adapter.ts';
import { keptSigningKey } from './keys.ts';
import * as pages from './pages.ts';

/** Seconds. Access tokens are short, as a real provider's should be; sign-ins last a working day. */
const ttl = {
  AccessToken: 300,
  AuthorizationCode: 60,
  DeviceCode: 600,
  Grant: 14 * 86_400,
  IdToken: 3_600,
  Interaction: 600,
  RefreshToken: 14 * 86_400,
  Session: 12 * 3_600,
};

const scopes = ['openid', 'offline_access', 'profile', 'email'];

export interface ProviderOptions {
  readonly issuer: string;
  readonly documents: Documents;
  /** Of access tokens that are asked for with this `resource`. */
  readonly audience: string;
  readonly accounts: readonly pages.LocalAccount[];
}

function show(ctx: KoaContextWithOIDC, document: string): void {
  ctx.type = 'html';
  ctx.set('content-security-policy', pages.policy);
  ctx.body = document;
}

const markup = (html: string): Html => ({ html });
const clientOf = (ctx: KoaContextWithOIDC) => ctx.oidc.client?.clientName ?? ctx.oidc.client?.clientId ?? 'A program';

/** Everything that a client of ours may ask for, without asking the person again. */
async function existingGrant({ oidc }: KoaContextWithOIDC, audience: string) {
  const { client, session, provider } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const id = session.grantIdFor(client.clientId);
  const known = id === undefined ? undefined : await provider.Grant.find(id);
  if (known !== undefined) return known;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(scopes.join(' '));
  grant.addResourceScope(audience, 'api');
  await grant.save();
  return grant;
}

/** When the person signed in, in seconds; what a token was exchanged for knows. */
function signedInAt({ oidc: { entities } }: KoaContextWithOIDC): number | undefined {
  return (entities.AuthorizationCode ?? entities.RefreshToken ?? entities.DeviceCode)?.authTime;
}

const deviceFlow = {
  enabled: true,
  async userCodeInputSource(ctx: KoaContextWithOIDC, form: string, _out?: unknown, error?: Error) {
    show(ctx, pages.askUserCode(markup(form), error === undefined ? null : 'That is no code that waits. Type it again.'));
  },
  async userCodeConfirmSource(ctx: KoaContextWithOIDC, form: string, _client: unknown, _device: unknown, userCode: string) {
    show(ctx, pages.confirmUserCode(markup(form), clientOf(ctx), userCode));
  },
  async successSource(ctx: KoaContextWithOIDC) {
    show(ctx, pages.connected(clientOf(ctx)));
  },
};

const rpInitiatedLogout = {
  async logoutSource(ctx: KoaContextWithOIDC, form: string) {
    show(ctx, pages.askSignOut(markup(form)));
  },
  async postLogoutSuccessSource(ctx: KoaContextWithOIDC) {
    show(ctx, pages.signedOut());
  },
};

/** A certified provider over the stand-in's people. Clients are those in `documents`. */
export async function createProvider({ issuer, documents, audience, accounts }: ProviderOptions): Promise<Provider> {
  const claimsOf = (subject: string) => {
    const { name, email, groups } = accounts.find((each) => each.subject === subject) ?? { name: '', email: '', groups: [] };
    return { name, email, email_verified: true, groups: [...groups] };
  };
  const configuration: Configuration = {
    adapter: createAdapter(documents),
    jwks: { keys: [await keptSigningKey(documents)] } as Configuration['jwks'],
    cookies: { keys: [documents.keep('cookie_key', () => randomBytes(32).toString('hex'))] },
    scopes,
    claims: { openid: ['sub', 'groups'], profile: ['name'], email: ['email', 'email_verified'] },
    // Claims come in the ID token too: there is nothing more to ask for afterwards.
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl,
    clientBasedCORS: () => false,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_ctx, id) =>
      accounts.some(({ subject }) => subject === id) ? { accountId: id, claims: () => ({ sub: id, ...claimsOf(id) }) } : undefined,
    extraTokenClaims: (ctx, token) =>
      token.kind === 'AccessToken' ? { auth_time: signedInAt(ctx), ...claimsOf(token.accountId) } : undefined,
    loadExistingGrant: (ctx) => existingGrant(ctx, audience),
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    renderError: (ctx, { error, error_description: words }) => show(ctx, pages.failed(`${words ?? error}.`)),
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined as never,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'api', audience, accessTokenFormat: 'jwt', accessTokenTTL: ttl.AccessToken }),
      },
      deviceFlow,
      rpInitiatedLogout,
    },
  };
  return new Provider(issuer, configuration);
}
