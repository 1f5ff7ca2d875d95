import { randomBytes } from 'node:crypto';
import formbody from '@fastify/formbody';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Api } from '../api/context.ts';
import { toProblem } from '../api/errors.ts';
import { hashOfCode, type LinkCode, type LinkCodeState } from '../store/link-codes.ts';
import { createReplies, type Kept, type LinkPagesOptions, type Replies, send, told } from './link-replies.ts';
import * as views from './link-views.ts';
import { isOwnForm, same } from './own-form.ts';

interface Pages extends LinkPagesOptions {
  readonly replies: Replies;
  readonly base: () => string;
}

type LinkRequest = FastifyRequest<{ Params: { code: string } }>;

const closed = { unknown: 'unknown_code', used: 'used_code', expired: 'expired_code' } as const;
const Form = z.object({ token: z.string().max(100) }).catch({ token: '' });

function accountOf(state: LinkCodeState): LinkCode | null {
  return state.kind === 'unknown' ? null : state.code;
}

/** Asks whether the account is theirs. */
async function show({ desk, replies }: Pages, request: LinkRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { code } = request.params;
  const hash = hashOfCode(code);
  const state = await desk.look(hash);
  if (state.kind !== 'open') return replies.refuse(reply, closed[state.kind], accountOf(state));
  const token = randomBytes(32).toString('base64url');
  await replies.keep(reply, { hash: hash.toString('hex'), token, login: null });
  return send(reply, 200, views.askToLink(state.code, `/link/${encodeURIComponent(code)}`, token));
}

/** Yes: on to the sign-in. */
async function begin({ desk, login, replies, base }: Pages, request: LinkRequest, reply: FastifyReply): Promise<FastifyReply> {
  const hash = hashOfCode(request.params.code);
  const state = await desk.look(hash);
  if (state.kind !== 'open') return replies.refuse(reply, closed[state.kind], accountOf(state));
  const kept = await replies.kept(request);
  const sameBrowser = kept?.hash === hash.toString('hex') && same(kept.token, Form.parse(request.body).token);
  if (!sameBrowser || !isOwnForm(request, base())) return replies.refuse(reply, 'other_browser', state.code);
  const { url, secrets } = await login.start(new URL('/auth/callback', base()).href);
  await replies.keep(reply, { ...kept, login: secrets });
  return send(reply, 200, views.goOn(url));
}

/** Whether the answer of the issuer is to what this browser asked. */
function isAnswerTo(kept: Kept | null, current: URL): kept is Kept & { login: NonNullable<Kept['login']> } {
  return kept !== null && kept.login !== null && same(kept.login.state, current.searchParams.get('state') ?? '');
}

/** Back from the sign-in. */
async function finish({ desk, login, replies, base }: Pages, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const kept = await replies.kept(request);
  replies.forget(reply);
  const account = async () => (kept === null ? null : accountOf(await desk.look(Buffer.from(kept.hash, 'hex'))));
  const current = new URL(request.url, base());
  if (!isAnswerTo(kept, current)) return replies.refuse(reply, 'other_browser', await account());
  const claims = await login.finish(current, kept.login);
  if (claims === null) return replies.refuse(reply, 'not_signed_in', await account());
  const outcome = await desk.link(Buffer.from(kept.hash, 'hex'), claims);
  if (outcome.kind === 'refused') return told(reply, outcome.code, outcome.subject);
  return send(reply, 200, views.linked(outcome.person.name, outcome.account));
}

/** Replies to an answer of the issuer that is to a sign-in of its own; false: it is to another one. A reply would be awaited with it: it has a `then`. */
export type TakeAnswer = (request: FastifyRequest, reply: FastifyReply) => Promise<boolean>;

/**
 * How a Slack account comes to be known: pages without script. What goes wrong in them is said on a page too. `take`: of other pages that
 * sign people in, which come back to the same address.
 */
export async function registerLinkPages(api: Api, options: LinkPagesOptions, take: TakeAnswer = async () => false): Promise<void> {
  const pages: Pages = { ...options, replies: createReplies(options), base: () => options.baseUrl() ?? 'http://127.0.0.1' };
  await api.register((scoped: Api, _options, done) => {
    void scoped.register(formbody);
    scoped.setErrorHandler((error, request, reply) => {
      const problem = toProblem(error);
      options.log[problem === null ? 'error' : 'warn']({ err: error, requestId: request.id }, 'a page could not be served');
      const text = problem?.message ?? 'Something went wrong here. The log has it.';
      return send(reply, problem?.status ?? 500, views.words('That did not work', `${text} Please try again.`));
    });
    scoped.get('/link/:code', (request: LinkRequest, reply) => show(pages, request, reply));
    scoped.post('/link/:code', (request: LinkRequest, reply) => begin(pages, request, reply));
    scoped.get('/auth/callback', async (request, reply) => ((await take(request, reply)) ? reply : finish(pages, request, reply)));
    done();
  });
}
