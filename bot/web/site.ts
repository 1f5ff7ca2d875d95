import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Api } from '../api/context.ts';
import { toProblem } from '../api/errors.ts';
import { Problem } from '../api/problem.ts';
import { type Fields, fieldsOf, fileFieldsOf, requireFileForm, takeFiles, worthKeeping } from './forms.ts';
import { sendView, type View } from './layout.ts';
import { isOwnForm, same } from './own-form.ts';
import { failure, unknownPerson } from './views/errors.ts';
import { type Entered, type SiteOptions, type Visit, visitOf } from './visit.ts';
import { loginUrl } from './way-back.ts';

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

type Take = (visit: Visit, fields: Fields, request: PageRequest, reply: FastifyReply) => Promise<Onward | View>;

interface Form {
  /** Where it stands: whoever was signed out in the meantime comes back to it, with what they typed. */
  readonly page: (request: PageRequest) => string;
  readonly take: Take;
  readonly file?: true;
}

/** How pages are added. */
export interface Site {
  readonly options: SiteOptions;
  /** Whoever is not signed in goes to the sign-in first. */
  page(path: string, show: (visit: Visit, request: PageRequest) => Promise<View>): void;
  /** As `page`, for what is none. */
  file(path: string, show: (visit: Visit, request: PageRequest) => Promise<Sent>): void;
  form(path: string, page: Form['page'], take: Take): void;
  /** A form with one file. What was typed is not kept over the end of a session. */
  fileForm(path: string, page: Form['page'], take: Take): void;
}

/** Where nobody has said how people reach the pages. */
const ownHost = 'http://127.0.0.1';

function foreignForm(): Problem {
  return new Problem(
    403,
    'foreign_form',
    'This form was not sent from a page of yours. Nothing was done. Open the page again, and send it from there.',
  );
}

/** Throws Problem for a form that another session has sent. */
function requireToken({ viewer }: Visit, token: string): void {
  if (!same(viewer.token, token)) throw foreignForm();
}

export function createSite(scoped: Api, options: SiteOptions): Site {
  const { sessions, cookies } = options;
  /** Whoever is signed in: known before a body is read, and to the error page too. */
  const visits = new WeakMap<FastifyRequest, Visit>();
  const isOwn = (request: FastifyRequest) => isOwnForm(request, options.baseUrl() ?? ownHost);

  async function enter(request: FastifyRequest, reply: FastifyReply): Promise<Entered> {
    const entered = await visitOf(options, request, reply);
    if (entered.kind === 'in') visits.set(request, entered.visit);
    return entered;
  }

  /** On to the sign-in, from which they come back to `to`. */
  function turnAway(entered: Exclude<Entered, { kind: 'in' }>, reply: FastifyReply, to: string): FastifyReply {
    return entered.kind === 'unknown_person' ? sendView(reply, unknownPerson(entered.subject), null) : reply.redirect(loginUrl(to), 303);
  }

  /** Before the body: whoever may not send it is answered without its being read. What was typed when a session had ended is read, and kept. */
  async function admit(request: PageRequest, reply: FastifyReply, { page, file }: Pick<Form, 'page' | 'file'>): Promise<unknown> {
    const entered = await enter(request, reply);
    const own = isOwn(request);
    if (entered.kind === 'in') {
      if (!own) throw foreignForm();
      if (file === true) requireFileForm(request);
      return undefined;
    }
    const keeps = own && file !== true && entered.kind === 'out' && (await sessions.known(cookies.session(request))) !== null;
    return keeps ? undefined : turnAway(entered, reply.header('connection', 'close'), page(request));
  }

  async function keepTyped(request: FastifyRequest, page: string): Promise<void> {
    const ended = await sessions.known(cookies.session(request));
    const { token: _, ...fields } = fieldsOf(request.body);
    if (ended !== null) await sessions.keepDraft(ended.hash, { page, fields: worthKeeping(fields) });
  }

  async function fieldsFor(request: FastifyRequest, visit: Visit, file: true | undefined): Promise<Fields> {
    if (file === true) return fileFieldsOf(request, (token) => requireToken(visit, token));
    const { token = '', ...fields } = fieldsOf(request.body);
    requireToken(visit, token);
    return fields;
  }

  function addForm(to: Api, path: string, { page, file, take }: Form): void {
    to.post<Params>(
      path,
      { onRequest: (request, reply) => admit(request, reply, { page, ...(file && { file }) }) },
      async (request, reply) => {
        const visit = visits.get(request);
        if (visit === undefined) {
          await keepTyped(request, page(request));
          return turnAway({ kind: 'out' }, reply, page(request));
        }
        const fields = await fieldsFor(request, visit, file);
        if (visit.session.draft !== null) await sessions.dropDraft(visit.session.hash);
        const answer = await take(visit, fields, request, reply);
        if ('body' in answer) return sendView(reply, answer, answer.signedOut === true ? null : visit.viewer);
        if (answer.say !== undefined) await cookies.say(reply, answer.say);
        return reply.redirect(answer.to, 303);
      },
    );
  }

  scoped.setErrorHandler((error, request, reply) => {
    const problem = toProblem(error);
    options.log[problem === null ? 'error' : 'debug']({ err: error, requestId: request.id }, 'a page could not be served');
    reply.headers({ ...problem?.extras.headers });
    return sendView(reply, failure(problem, request.id), visits.get(request)?.viewer ?? null);
  });

  return {
    options,
    page(path, show) {
      scoped.get<Params>(path, async (request, reply) => {
        const entered = await enter(request, reply);
        if (entered.kind !== 'in') return turnAway(entered, reply, request.url);
        const view = await show(entered.visit, request);
        return sendView(reply, { ...view, notice: view.notice ?? (await cookies.said(request, reply)) }, entered.visit.viewer);
      });
    },
    file(path, show) {
      scoped.get<Params>(path, async (request, reply) => {
        const entered = await enter(request, reply);
        if (entered.kind !== 'in') return turnAway(entered, reply, request.url);
        const { type, body, filename } = await show(entered.visit, request);
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
    form: (path, page, take) => addForm(scoped, path, { page, take }),
    fileForm(path, page, take) {
      void scoped.register((filed: Api, _options, done) => {
        takeFiles(filed);
        addForm(filed, path, { page, take, file: true });
        done();
      });
    },
  };
}
