import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { LinkingDesk, LinkRefusal } from '../identity/linking.ts';
import { type Login, LoginSecrets } from '../oidc/login.ts';
import type { LinkCode } from '../store/link-codes.ts';
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
export const Kept = z.strictObject({ hash: z.string(), token: z.string(), login: LoginSecrets.nullable() });
export type Kept = z.infer<typeof Kept>;

const cookieName = 'watchkeeper_link';
const keptSeconds = 600;

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

export function send(reply: FastifyReply, status: number, shown: Page): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': contentSecurityPolicy(), 'referrer-policy': 'same-origin', 'cache-control': 'no-store' })
    .type('text/html; charset=utf-8')
    .send(page(shown));
}

/** A refusal as a page; `subject` is who signed in, where that is known. */
export function told(reply: FastifyReply, code: LinkRefusal, subject: string | null): FastifyReply {
  const { status, title, text } = refusalWords(code, subject);
  return send(reply, status, views.words(title, text));
}

export interface Replies {
  /** What this browser keeps for us; null: nothing. */
  kept(request: FastifyRequest): Promise<Kept | null>;
  keep(reply: FastifyReply, kept: Kept): Promise<void>;
  forget(reply: FastifyReply): void;
  /** Says no, and audits it. `account`: whose link it is; null: nobody's. */
  refuse(reply: FastifyReply, code: LinkRefusal, account: LinkCode | null): Promise<FastifyReply>;
}

export function createReplies({ desk, baseUrl, key, now, log }: LinkPagesOptions): Replies {
  const seal = createSeal({ key, purpose: 'link cookie', schema: Kept, seconds: keptSeconds });
  const mayAudit = createBudget(now);
  const isSecure = () => baseUrl()?.startsWith('https:') === true;
  return {
    kept: (request) => seal.open(cookieOf(request.headers.cookie, cookieName)),
    async keep(reply, kept) {
      reply.header('set-cookie', setCookie(cookieName, await seal.seal(kept), keptSeconds, isSecure()));
    },
    forget: (reply) => void reply.header('set-cookie', setCookie(cookieName, '', 0, isSecure())),
    async refuse(reply, code, account) {
      if (account !== null || mayAudit()) await desk.refuse(code, account);
      else log.warn({ code }, 'a refused link was not audited: there are too many');
      return told(reply, code, null);
    },
  };
}
