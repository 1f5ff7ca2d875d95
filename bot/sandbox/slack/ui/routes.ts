import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { PersonRefusal } from '../errors.ts';
import type { FeedEvent } from '../feed.ts';
import { findConversation, findPerson } from '../people.ts';
import type { Workspace } from '../workspace.ts';
import { act } from './actions.ts';
import { openHome, runCommand, runShortcut } from './commands.ts';
import { writeMessage } from './messages.ts';
import { actingPerson, visibleConversation } from './person.ts';
import { readMessages, readState } from './read.ts';
import { closeView, submitView } from './views.ts';

const ts = z.string().regex(/^\d+\.\d+$/);
const values = z.record(z.string(), z.record(z.string(), z.unknown()));
const bodies = {
  message: z.strictObject({ user: z.string(), channel: z.string(), text: z.string(), thread_ts: ts.optional() }),
  action: z.strictObject({
    user: z.string(),
    channel: z.string().optional(),
    ts: ts.optional(),
    view_id: z.string().optional(),
    action_id: z.string(),
    block_id: z.string().optional(),
    value: z.unknown().optional(),
    values: values.optional(),
    stale: z.boolean().optional(),
  }),
  submit: z.strictObject({ user: z.string(), values: values.default({}) }),
  close: z.strictObject({ user: z.string() }),
  command: z.strictObject({ user: z.string(), channel: z.string(), command: z.string().startsWith('/'), text: z.string().default('') }),
  shortcut: z.strictObject({ user: z.string(), callback_id: z.string(), channel: z.string().optional(), ts: ts.optional() }),
  home: z.strictObject({ user: z.string(), tab: z.enum(['home', 'messages']) }),
};
const windowQuery = z.object({
  user: z.string().optional(),
  thread_ts: ts.optional(),
  before: ts.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new PersonRefusal(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
}

function streamEvents(workspace: Workspace, request: FastifyRequest, reply: FastifyReply): void {
  const person = actingPerson(workspace, read(z.object({ user: z.string() }), request.query).user);
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', connection: 'keep-alive' });
  reply.raw.write(': connected\n\n');
  const maySee = (event: FeedEvent) => {
    if (event.user !== null) return event.user === person.id;
    const conversation = 'channel' in event ? findConversation(workspace, event.channel) : undefined;
    return conversation !== undefined && (person.team === undefined || conversation.external);
  };
  const stop = workspace.feed.subscribe((event) => {
    if (maySee(event)) reply.raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const beat = setInterval(() => reply.raw.write(': alive\n\n'), 15_000);
  reply.raw.on('close', () => {
    clearInterval(beat);
    stop();
  });
}

/** The hands of people: used by the page, and by tests in their place. JSON only. */
export function uiRoutes(server: FastifyInstance, workspace: Workspace): void {
  server.post('/ui/messages', (request) => writeMessage(workspace, read(bodies.message, request.body)));
  server.post('/ui/actions', (request) => act(workspace, read(bodies.action, request.body)));
  server.post<{ Params: { id: string } }>('/ui/views/:id/submit', (request) => {
    const given = read(bodies.submit, request.body);
    return submitView(workspace, given.user, request.params.id, given.values);
  });
  server.post<{ Params: { id: string } }>('/ui/views/:id/close', (request) =>
    closeView(workspace, read(bodies.close, request.body).user, request.params.id),
  );
  server.post('/ui/commands', (request) => runCommand(workspace, read(bodies.command, request.body)));
  server.post('/ui/shortcuts', (request) => runShortcut(workspace, read(bodies.shortcut, request.body)));
  server.post('/ui/home', (request) => {
    const given = read(bodies.home, request.body);
    openHome(workspace, given.user, given.tab);
    return { ok: true };
  });
  server.get('/ui/state', (request) =>
    readState(workspace, actingPerson(workspace, read(z.object({ user: z.string() }), request.query).user)),
  );
  server.get<{ Params: { id: string } }>('/ui/channels/:id/messages', (request) => {
    const { user, thread_ts, ...window } = read(windowQuery, request.query);
    const reader = user === undefined ? undefined : findPerson(workspace, user);
    if (reader !== undefined) visibleConversation(workspace, reader, request.params.id);
    if (findConversation(workspace, request.params.id) === undefined) throw new PersonRefusal('There is no such conversation.', 404);
    return readMessages(workspace, request.params.id, { ...window, threadTs: thread_ts }, reader);
  });
  server.get('/ui/events', (request, reply) => streamEvents(workspace, request, reply));
}
