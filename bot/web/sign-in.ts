import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api/context.ts';
import type { SignIns } from '../identity/sign-ins.ts';
import { IssuerUnavailable } from '../oidc/issuer.ts';
import type { Login } from '../oidc/login.ts';
import { sendView } from './layout.ts';
import type { TakeAnswer } from './link.ts';
import { same } from './own-form.ts';
import type { Site } from './site.ts';
import { unknownPerson } from './views/errors.ts';
import { notSignedIn, type SignInState, signIn, signingOut } from './views/sign-in.ts';
import { loginUrl, wayBack } from './way-back.ts';

/** The identity provider, as the pages need it. */
export interface PageIdentity {
  readonly issuer: string;
  readonly login: Login;
  readonly signIns: SignIns;
}

/** Seconds: what break-glass demands is five minutes, and typing takes time. */
const freshSeconds = 60;

type LoginRequest = FastifyRequest<{ Querystring: { to?: unknown; fresh?: unknown; out?: unknown } }>;

function stateOf(site: Site, identity: PageIdentity | null, { query }: LoginRequest): SignInState {
  if (identity === null) return { kind: 'no_issuer' };
  if (site.options.baseUrl() === null) return { kind: 'no_address' };
  const fresh = query.fresh === '1';
  const go = loginUrl(wayBack(query.to), fresh).replace('/login', '/login/go');
  return { kind: 'ready', issuer: identity.issuer, go, fresh, out: query.out === '1' };
}

async function begin({ options }: Site, identity: PageIdentity, { query }: LoginRequest, reply: FastifyReply): Promise<FastifyReply> {
  const base = options.baseUrl();
  if (base === null) return reply.redirect('/login', 303);
  const maxAge = query.fresh === '1' ? freshSeconds : undefined;
  const { url, secrets } = await identity.login.start(new URL('/auth/callback', base).href, maxAge);
  await options.cookies.setSignIn(reply, { login: secrets, to: wayBack(query.to) });
  return reply.header('cache-control', 'no-store').redirect(url, 303);
}

/** Back from the issuer. */
function answerTaker({ options }: Site, identity: PageIdentity): TakeAnswer {
  const { cookies, sessions, baseUrl } = options;
  return async (request, reply) => {
    const kept = await cookies.signIn(request);
    const current = new URL(request.url, baseUrl() ?? 'http://127.0.0.1');
    if (kept === null || !same(kept.login.state, current.searchParams.get('state') ?? '')) return false;
    await cookies.setSignIn(reply, null);
    const claims = await identity.login.finish(current, kept.login);
    const person = claims === null ? null : await identity.signIns.signIn(claims);
    if (claims === null) sendView(reply, notSignedIn(loginUrl(kept.to)), null);
    else if (person === null) sendView(reply, unknownPerson(claims.subject), null);
    else {
      const agent = request.headers['user-agent'] ?? 'unknown';
      cookies.setSession(reply, await sessions.open(claims, person, agent, cookies.session(request)));
      reply.redirect(kept.to, 303);
    }
    return true;
  };
}

/** Null: the issuer has no place for it, or does not answer; here they are signed out all the same. */
async function signOutUrl({ options }: Site, identity: PageIdentity | null): Promise<string | null> {
  const base = options.baseUrl();
  if (identity === null || base === null) return null;
  try {
    return await identity.login.signOut(new URL('/login', base).href);
  } catch (error) {
    if (error instanceof IssuerUnavailable) return null;
    throw error;
  }
}

/** Signing in and out. Answers what takes the issuer's answers; null: people do not sign in. */
export function signInPages(scoped: Api, site: Site, identity: PageIdentity | null): TakeAnswer | null {
  const { cookies, sessions } = site.options;
  scoped.get('/login', async (request: LoginRequest, reply) => {
    const state = stateOf(site, identity, request);
    const stays = state.kind !== 'ready' || state.fresh || (await sessions.use(cookies.session(request))).kind !== 'live';
    return stays ? sendView(reply, signIn(state), null) : reply.redirect(wayBack(request.query.to), 303);
  });
  site.form(
    '/logout',
    () => '/me',
    async (_visit, _fields, request, reply) => {
      await sessions.end(cookies.session(request));
      cookies.setSession(reply, undefined);
      const onward = await signOutUrl(site, identity);
      return onward === null ? { to: '/login?out=1' } : signingOut(onward);
    },
  );
  if (identity === null) return null;
  scoped.get('/login/go', (request: LoginRequest, reply) => begin(site, identity, request, reply));
  return answerTaker(site, identity);
}
