import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Rates } from '../api/conduct/rate.ts';
import type { Api } from '../api/context.ts';
import { toProblem } from '../api/errors.ts';
import { scopesOf } from '../api/person.ts';
import { callerOf, type PersonPrincipal, requireScope } from '../api/principal.ts';
import { Problem } from '../api/problem.ts';
import type { Member } from '../people.ts';
import type { WebSession } from '../store/web-sessions.ts';
import type { Cookies } from './cookies.ts';
import { type Fields, fieldsOf, worthKeeping } from './forms.ts';
import { createInside, type Inside } from './inside.ts';
import { sendView, type View, type Viewer } from './layout.ts';
import { isOwnForm, same } from './own-form.ts';
import { formToken, type Sessions } from './sessions.ts';
import type { Tickets } from './tickets.ts';
import { failure, unknownPerson } from './views/errors.ts';
import { loginUrl } from './way-back.ts';

/** Somebody who is signed in, at a page. */
export interface Visit {
  readonly person: Member;
  readonly session: WebSession;
  readonly principal: PersonPrincipal;
  /** Asks the API as them. */
  readonly inside: Inside;
  readonly viewer: Viewer;
}

export interface SiteOptions {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly tickets: Tickets;
  /** Pages count as requests of whoever looks, as over the API. */
  readonly rates: Pick<Rates, 'caller'>;
  /** Where people reach the pages; null: nowhere. */
  readonly baseUrl: () => string | null;
  readonly log: Logger;
}

/** Where the browser goes on, and what is said there. */
export type Onward = { readonly to: string; readonly say?: string };

type Params = { readonly Params: Record<string, string>; readonly Querystring: Record<string, unknown> };
export type PageRequest = FastifyRequest<Params>;

/** What is sent as it is: a picture, a text. */
export interface Sent {
  /** Media type. */
  readonly type: string;
  readonly body: string | Buffer;
  readonly filename: string;
}

/** A picture may bring a style of its own; nothing in a file does anything. */
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/** How pages are added. */
export interface Site {
  readonly options: SiteOptions;
  /** Whoever is not signed in goes to the sign-in first. */
  page(path: string, show: (visit: Visit, request: PageRequest) => Promise<View>): void;
  /** As `page`, for what is none. */
  file(path: string, show: (visit: Visit, request: PageRequest) => Promise<Sent>): void;
  /** `page`: where the form stands, to which whoever was signed out in the meantime comes back, with what they typed. */
  form(
    path: string,
    page: (request: PageRequest) => string,
    take: (visit: Visit, fields: Fields, request: PageRequest, reply: FastifyReply) => Promise<Onward | View>,
  ): void;
}

/** Where nobody has said how people reach the pages. */
const ownHost = 'http://127.0.0.1';

function principalOf(person: Member, session: WebSession): PersonPrincipal {
  const { id, roles, groups } = person;
  const authTimeMs = session.signedInAt === null ? null : Date.parse(session.signedInAt);
  return { kind: 'person', id, subject: session.subject, roles, groups, authTimeMs, scopes: scopesOf(roles), page: true };
}

/** `ended`: done first where there is nobody who is signed in any more. */
async function visitOf(
  options: SiteOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  to: string,
  ended: () => Promise<void>,
): Promise<Visit | null> {
  const { api, sessions, cookies, tickets, rates } = options;
  const id = cookies.session(request);
  // What a page asks for by itself is no use of the session: one that is left open would never let it end.
  const found = await sessions.use(id, request.headers['x-watchkeeper-refresh'] !== undefined);
  if (found.kind === 'live') {
    const { person, session } = found;
    const principal = principalOf(person, session);
    reply.headers(await rates.caller(callerOf(principal)));
    requireScope(principal, 'read');
    const viewer = { name: person.name, token: formToken(id ?? '') };
    return { person, session, principal, inside: createInside(api, tickets, principal), viewer };
  }
  if (found.kind === 'unknown_person') sendView(reply, unknownPerson(found.subject), null);
  else {
    await ended();
    reply.redirect(loginUrl(to), 303);
  }
  return null;
}

/** Throws Problem for a form that another site, or another session, has sent. */
function refuseForeign(options: SiteOptions, request: FastifyRequest, { viewer }: Visit, fields: Fields): void {
  if (isOwnForm(request, options.baseUrl() ?? ownHost) && same(viewer.token, fields['token'] ?? '')) return;
  throw new Problem(
    403,
    'foreign_form',
    'This form was not sent from a page of yours. Nothing was done. Open the page again, and send it from there.',
  );
}

export function createSite(scoped: Api, options: SiteOptions): Site {
  const { sessions, cookies } = options;
  /** Before the handler: who they are is known to the error page too. */
  const viewers = new WeakMap<FastifyRequest, Viewer>();
  async function entered(request: FastifyRequest, reply: FastifyReply, to: string, ended = async () => {}): Promise<Visit | null> {
    const found = await visitOf(options, request, reply, to, ended);
    if (found !== null) viewers.set(request, found.viewer);
    return found;
  }

  scoped.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    options.log[problem === null ? 'error' : 'debug']({ err: error, requestId: request.id }, 'a page could not be served');
    reply.headers({ ...problem?.extras.headers });
    return sendView(reply, failure(problem, request.id), viewers.get(request) ?? null);
  });

  return {
    options,
    page(path, show) {
      scoped.get<Params>(path, async (request, reply) => {
        const found = await entered(request, reply, request.url);
        if (found === null) return reply;
        const view = await show(found, request);
        return sendView(reply, { ...view, notice: view.notice ?? (await cookies.said(request, reply)) }, found.viewer);
      });
    },
    file(path, show) {
      scoped.get<Params>(path, async (request, reply) => {
        const found = await entered(request, reply, request.url);
        if (found === null) return reply;
        const { type, body, filename } = await show(found, request);
        return reply
          .headers({
            'content-security-policy': filePolicy,
            'content-disposition': `inline; filename="${filename.replaceAll(/[^\w.-]/g, '_')}"`,
            'cross-origin-resource-policy': 'same-origin',
            'cache-control': 'no-store',
          })
          .type(type)
          .send(body);
      });
    },
    form(path, page, take) {
      scoped.post<Params>(path, async (request, reply) => {
        const { token = '', ...fields } = fieldsOf(request.body);
        const back = page(request);
        const found = await entered(request, reply, back, async () => {
          const ended = await sessions.known(cookies.session(request));
          if (ended !== null && isOwnForm(request, options.baseUrl() ?? ownHost))
            await sessions.keepDraft(ended.hash, { page: back, fields: worthKeeping(fields) });
        });
        if (found === null) return reply;
        refuseForeign(options, request, found, { token });
        if (found.session.draft !== null) await sessions.dropDraft(found.session.hash);
        const answer = await take(found, fields, request, reply);
        if ('body' in answer) return sendView(reply, answer, answer.signedOut === true ? null : found.viewer);
        if (answer.say !== undefined) await cookies.say(reply, answer.say);
        return reply.redirect(answer.to, 303);
      });
    },
  };
}
