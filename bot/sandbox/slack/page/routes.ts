import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { z } from 'zod';
import { directMessageOf } from '../people.ts';
import { threadRoot } from '../posting.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { LocalPerson } from '../types.ts';
import { actingPerson, visibleConversation } from '../ui/person.ts';
import { visibleTo } from '../ui/read.ts';
import type { Workspace } from '../workspace.ts';
import { type Place, page, threadPane } from './document.ts';
import { message, messageItems } from './messages.ts';
import { home, modal } from './view.ts';

const ts = z
  .string()
  .regex(/^\d+\.\d+$/)
  .optional()
  .catch(undefined);
const Query = z.object({
  as: z.string().optional(),
  channel: z.string().optional(),
  thread_ts: ts,
  before: ts,
  ts,
  pane: z.enum(['main', 'thread']).default('main').catch('main'),
  home: z.string().optional(),
});
type Query = z.infer<typeof Query>;

/** Nothing from another origin is loaded or sent, save links that somebody follows. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function html(reply: FastifyReply, element: ReactElement | null, start = ''): FastifyReply {
  if (element === null) return reply.code(204).send();
  return reply
    .header('content-security-policy', policy)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(start + renderToStaticMarkup(element));
}

function readerOf(workspace: Workspace, query: Query): LocalPerson {
  const first = workspace.people.find((person) => person.bot !== true && person.deactivated !== true);
  return actingPerson(workspace, query.as ?? first?.id ?? '');
}

function placeOf(workspace: Workspace, query: Query): Place {
  const reader = readerOf(workspace, query);
  const own = directMessageOf(reader);
  const first = workspace.channels.find((channel) => reader.team === undefined || channel.external === true);
  // A direct message belongs to one person: switching the person leads to their own.
  const wanted = query.channel?.startsWith('D') ? own.id : (query.channel ?? first?.id ?? own.id);
  const conversation = visibleConversation(workspace, reader, wanted);
  const threadTs = query.thread_ts === undefined ? undefined : threadRoot(workspace, conversation.id, query.thread_ts);
  return { reader, conversation, threadTs, home: query.home !== undefined && conversation.kind === 'im' };
}

/** A message where it belongs to that pane; null where it does not, or is not for this reader. */
function forPane(workspace: Workspace, place: Place, query: Query): StoredMessage | null {
  const found = workspace.messages.find(place.conversation.id, query.ts ?? '');
  if (found === undefined || !visibleTo(found, place.reader)) return null;
  const inMain = found.ts === found.threadTs || found.body['subtype'] === 'thread_broadcast';
  return query.pane === 'thread' || inMain ? found : null;
}

/** The page at `/`, and the parts of it that its script fetches. */
export async function pageRoutes(server: FastifyInstance, workspace: Workspace): Promise<void> {
  const root = fileURLToPath(new URL('../assets/', import.meta.url));
  await server.register(fastifyStatic, { root, prefix: '/assets/', index: false });
  server.get('/', (request, reply) => html(reply, page(workspace, placeOf(workspace, Query.parse(request.query))), '<!doctype html>'));
  server.get('/page/messages', (request, reply) => {
    const query = Query.parse(request.query);
    const { reader, conversation, threadTs } = placeOf(workspace, query);
    return html(reply, messageItems(workspace, reader, conversation.id, { threadTs, before: query.before }));
  });
  server.get('/page/message', (request, reply) => {
    const query = Query.parse(request.query);
    const found = forPane(workspace, placeOf(workspace, query), query);
    return html(reply, found === null ? null : message(workspace, found, query.pane));
  });
  server.get('/page/thread', (request, reply) => {
    const place = placeOf(workspace, Query.parse(request.query));
    return html(reply, place.threadTs === undefined ? null : threadPane(workspace, { ...place, threadTs: place.threadTs }));
  });
  server.get('/page/view', (request, reply) => {
    const view = workspace.views.top(readerOf(workspace, Query.parse(request.query)).id);
    return html(reply, view === undefined ? null : modal(workspace, view));
  });
  server.get('/page/home', (request, reply) => html(reply, home(workspace, readerOf(workspace, Query.parse(request.query)).id)));
  server.get<{ Params: { channel: string; message: string } }>('/archives/:channel/:message', (request, reply) => {
    const stamp = request.params.message.replace(/^p(\d+)(\d{6})$/, '$1.$2');
    const found = workspace.messages.find(request.params.channel, stamp);
    const query = new URLSearchParams({ channel: request.params.channel, ...(found === undefined ? {} : { thread_ts: found.threadTs }) });
    return reply.redirect(`/?${query}`);
  });
}
