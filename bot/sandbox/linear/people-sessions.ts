import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { activitiesOf, statusOf } from './agents.ts';
import { createIssue, type OnChange } from './mutations.ts';
import { beginSession, promptSession, type SessionEvent } from './sessions.ts';
import type { AgentSession } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

const NewIssue = z.strictObject({ user: z.string(), title: z.string().min(1), description: z.string().optional() });
/** Without words it is a delegation. `automation` stands for nobody. */
const NewSession = z.strictObject({ user: z.string(), words: z.string().optional() });
const Prompt = z.strictObject({ user: z.string(), words: z.string().default(''), stop: z.string().optional() });

export interface SessionHands {
  readonly workspace: LinearWorkspace;
  readonly onChange: OnChange;
  readonly onSession: (event: SessionEvent) => void;
}

function userNamed(workspace: LinearWorkspace, name: string) {
  return workspace.users().find(({ id, displayName }) => id === name || displayName === name);
}

/** What was sent, as it must be. Throws what the server answers with 400. */
function given<T>(type: z.ZodType<T>, body: unknown): T {
  const parsed = type.safeParse(body);
  if (parsed.success) return parsed.data;
  throw Object.assign(new Error(parsed.error.issues[0]?.message), { statusCode: 400 });
}

const missing = (reply: FastifyReply) =>
  reply.code(404).send({ error: 'not_found', message: 'There is no such issue, session or person.' });

/** Back to the page for a form, the answer itself for a program. */
function answer(request: FastifyRequest, reply: FastifyReply, user: string, body: object) {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return reply.send(body);
  return reply.redirect(`/?as=${encodeURIComponent(user)}`, 303);
}

function seen(workspace: LinearWorkspace, session: AgentSession): object {
  const activities = activitiesOf(workspace, session.id);
  const shown = activities.map(({ content, signal, createdAt }) => ({ content, signal, createdAt }));
  return {
    id: session.id,
    issueId: session.issueId,
    createdAt: session.createdAt,
    status: statusOf(activities),
    plan: session.plan,
    activities: shown,
  };
}

/** The hands of people who file an issue, mention the app, delegate to it, and go on with it. */
export function sessionRoutes(server: FastifyInstance, { workspace, onChange, onSession }: SessionHands): void {
  server.get('/ui/sessions', async () => workspace.documents.list<AgentSession>('agent_session').map((one) => seen(workspace, one)));
  server.post('/ui/issues', async (request, reply) => {
    const { user: name, title, description } = given(NewIssue, request.body);
    const user = userNamed(workspace, name);
    if (user === undefined) return missing(reply);
    const issue = createIssue(workspace, { title, description: description ?? null }, { kind: 'user', user }, onChange);
    return answer(request, reply, name, { id: issue.id, identifier: workspace.identifier(issue) });
  });
  server.post<{ Params: { id: string } }>('/ui/issues/:id/sessions', async (request, reply) => {
    const { user: name, words } = given(NewSession, request.body);
    const user = userNamed(workspace, name) ?? null;
    const issue = workspace.issues().find((one) => one.id === request.params.id || workspace.identifier(one) === request.params.id);
    if (issue === undefined || (user === null && name !== 'automation')) return missing(reply);
    const event = beginSession(workspace, issue, user, words ?? null);
    onSession(event);
    return answer(request, reply, name, { id: event.session.id });
  });
  server.post<{ Params: { id: string } }>('/ui/sessions/:id/prompts', async (request, reply) => {
    const { user: name, words, stop } = given(Prompt, request.body);
    const user = userNamed(workspace, name);
    const known = workspace.documents.get('agent_session', request.params.id) !== undefined;
    if (user === undefined || !known) return missing(reply);
    const event = promptSession(workspace, request.params.id, user, words, stop === undefined ? null : 'stop');
    onSession(event);
    return answer(request, reply, name, { id: event.activity?.id });
  });
}
