import { randomBytes, timingSafeEqual } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Api } from '../api/context.ts';
import { toProblem } from '../api/errors.ts';
import type { LinkingDesk, LinkRefusal } from '../identity/linking.ts';
import { type Login, LoginSecrets } from '../oidc/login.ts';
import { hashOfCode, type LinkCode, type LinkCodeState } from '../store/link-codes.ts';
import { cookieOf, setCookie } from './cookie.ts';
import * as views from './link-views.ts';
import { refusalWords } from './link-words.ts';
import { contentSecurityPolicy, type Page, page } from './page.ts';
import { createSeal } from './seal.ts';

export interface LinkPagesOptions {
  readonly desk: LinkingDesk;
  readonly login: Login;
  /** Where people reach the pages; null: nowhere. */
  readonly baseUrl: () => string | null;
  /** The installation's: 32 bytes. */
  readonly key: Uint8Array;
  readonly now: () => Date;
  readonly log: Logger;
}

/** What the browser keeps: which link it is about (the hash of its code), and what only this browser can know. */
const Kept = z.strictObject({ hash: z.string(), token: z.string(), login: LoginSecrets.nullable() });
type Kept = z.infer<typeof Kept>;

const cookieName = 'watchkeeper_link';
const keptSeconds = 600;
const closed = { unknown: 'unknown_code', used: 'used_code', expired: 'expired_code' } as const;
const Form = z.object({ token: z.string().max(100) }).catch({ token: '' });

function same(one: string, other: string): boolean {
  return one !== '' && one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

/** A form of another site does not get this far where the browser says where it came from. */
function isOwnForm({ headers }: FastifyRequest, base: string): boolean {
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  return site === 'same-origin' && (headers.origin === undefined || headers.origin === new URL(base).origin);
}

/** Whoever has no code could fill the audit log with refusals that belong to nobody: so many a minute are recorded. */
const unattributedPerMinute = 30;

function createBudget(now: () => Date): () => boolean {
  let minute = 0;
  let spent = 0;
  return () => {
    const current = Math.floor(now().getTime() / 60_000);
    if (current !== minute) [minute, spent] = [current, 0];
    spent += 1;
    return spent <= unattributedPerMinute;
  };
}

function send(reply: FastifyReply, status: number, shown: Page): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': contentSecurityPolicy(), 'referrer-policy': 'same-origin', 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page(shown));
}

function accountOf(state: LinkCodeState): LinkCode | null {
  return state.kind === 'unknown' ? null : state.code;
}

/** `/link/…` and where the issuer sends people back to: how a Slack account comes to be known. */
function addRoutes(pages: Api, { desk, login, baseUrl, key, now, log }: LinkPagesOptions): void {
  const seal = createSeal({ key, purpose: 'link cookie', schema: Kept, seconds: keptSeconds });
  const mayAudit = createBudget(now);
  const base = () => baseUrl() ?? 'http://127.0.0.1';
  const isSecure = () => base().startsWith('https:');
  const keptBy = (request: FastifyRequest) => seal.open(cookieOf(request.headers.cookie, cookieName));

  async function keep(reply: FastifyReply, kept: Kept): Promise<void> {
    reply.header('set-cookie', setCookie(cookieName, await seal.seal(kept), keptSeconds, isSecure()));
  }

  function forget(reply: FastifyReply): void {
    reply.header('set-cookie', setCookie(cookieName, '', 0, isSecure()));
  }

  function told(reply: FastifyReply, code: LinkRefusal, subject: string | null): FastifyReply {
    const { status, title, text } = refusalWords(code, subject);
    return send(reply, status, views.words(title, text));
  }

  async function refuse(reply: FastifyReply, code: LinkRefusal, account: LinkCode | null): Promise<FastifyReply> {
    if (account !== null || mayAudit()) await desk.refuse(code, account);
    else log.warn({ code }, 'a refused link was not audited: there are too many');
    return told(reply, code, null);
  }

  pages.get<{ Params: { code: string } }>('/link/:code', async (request, reply) => {
    const { code } = request.params;
    const hash = hashOfCode(code);
    const state = await desk.look(hash);
    if (state.kind !== 'open') return refuse(reply, closed[state.kind], accountOf(state));
    const token = randomBytes(32).toString('base64url');
    await keep(reply, { hash: hash.toString('hex'), token, login: null });
    return send(reply, 200, views.askToLink(state.code, `/link/${encodeURIComponent(code)}`, token));
  });

  pages.post<{ Params: { code: string } }>('/link/:code', async (request, reply) => {
    const hash = hashOfCode(request.params.code);
    const state = await desk.look(hash);
    if (state.kind !== 'open') return refuse(reply, closed[state.kind], accountOf(state));
    const kept = await keptBy(request);
    const sameBrowser = kept?.hash === hash.toString('hex') && same(kept.token, Form.parse(request.body).token);
    if (!sameBrowser || !isOwnForm(request, base())) return refuse(reply, 'other_browser', state.code);
    const { url, secrets } = await login.start(new URL('/auth/callback', base()).href);
    await keep(reply, { ...kept, login: secrets });
    return send(reply, 200, views.goOn(url));
  });

  pages.get('/auth/callback', async (request, reply) => {
    const kept = await keptBy(request);
    forget(reply);
    const current = new URL(request.url, base());
    if (kept?.login == null || !same(kept.login.state, current.searchParams.get('state') ?? ''))
      return refuse(reply, 'other_browser', kept === null ? null : accountOf(await desk.look(Buffer.from(kept.hash, 'hex'))));
    const hash = Buffer.from(kept.hash, 'hex');
    const claims = await login.finish(current, kept.login);
    if (claims === null) return refuse(reply, 'not_signed_in', accountOf(await desk.look(hash)));
    const outcome = await desk.link(hash, claims);
    if (outcome.kind === 'refused') return told(reply, outcome.code, outcome.subject);
    return send(reply, 200, views.linked(outcome.person.name, outcome.account));
  });
}

/** Pages without script. What goes wrong in them is said on a page too. */
export async function registerLinkPages(api: Api, options: LinkPagesOptions): Promise<void> {
  await api.register((pages: Api, _options, done) => {
    void pages.register(formbody);
    pages.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error);
      options.log[problem === null ? 'error' : 'warn']({ err: error, requestId: request.id }, 'a page could not be served');
      const text = problem?.message ?? 'Something went wrong here. The log has it.';
      return send(reply, problem?.status ?? 500, views.words('That did not work', `${text} Please try again.`));
    });
    addRoutes(pages, options);
    done();
  });
}
