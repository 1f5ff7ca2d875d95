import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type OnChange, updateIssue } from './mutations.ts';
import type { Document, Issue, LinearActor } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

const Relabel = z
  .strictObject({ user: z.string(), add: z.string().optional(), remove: z.string().optional() })
  .refine(({ add, remove }) => (add === undefined) !== (remove === undefined), 'give either add or remove');

/** Somebody by handle or id; `integration` and `nobody` are those whom Linear cannot name as a user. */
function actorNamed(workspace: LinearWorkspace, name: string): LinearActor | null {
  if (name === 'integration') return { kind: 'integration', id: workspace.team.id, service: 'github' };
  if (name === 'nobody') return { kind: 'nobody' };
  const user = workspace.users().find(({ id, displayName }) => id === name || displayName === name);
  return user === undefined ? null : { kind: 'user', user };
}

/** An issue as people see it. */
function seen(workspace: LinearWorkspace, issue: Issue): object {
  const names = new Map(workspace.labels().map(({ id, name }) => [id, name]));
  return {
    id: issue.id,
    identifier: workspace.identifier(issue),
    title: issue.title,
    state: workspace.states.find(({ id }) => id === issue.stateId)?.name ?? null,
    labels: issue.labelIds.map((id) => names.get(id) ?? id),
    comments: workspace.comments(issue).map(({ body, createdAt }) => ({ body, createdAt })),
    attachments: workspace.attachments(issue).map(({ title, url, metadata = {} }) => ({ title, url, metadata })),
    documents: workspace.documents.list<Document>('document', issue.id).map(({ title, content }) => ({ title, content })),
  };
}

/** The hands of people: used by the page (a form), and by tests in their place (JSON). */
export async function peopleRoutes(server: FastifyInstance, workspace: LinearWorkspace, onChange: OnChange): Promise<void> {
  await server.register(formbody);
  server.get('/ui/issues', async () => workspace.issues().map((issue) => seen(workspace, issue)));
  server.post<{ Params: { id: string } }>('/ui/issues/:id/labels', async (request, reply) => {
    const given = Relabel.safeParse(request.body);
    if (!given.success) return reply.code(400).send({ error: 'invalid', message: given.error.issues[0]?.message });
    const { user, add, remove } = given.data;
    const actor = actorNamed(workspace, user);
    const label = workspace.labels().find(({ id, name }) => [id, name].includes(add ?? remove ?? ''));
    const issue = workspace.issues().find((one) => one.id === request.params.id || workspace.identifier(one) === request.params.id);
    if (actor === null || label === undefined || issue === undefined)
      return reply.code(404).send({ error: 'not_found', message: 'There is no such issue, label or person.' });
    const change = add === undefined ? { removedLabelIds: [label.id] } : { addedLabelIds: [label.id] };
    const after = updateIssue(workspace, issue.id, change, actor, onChange);
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return seen(workspace, after);
    return reply.redirect(`/?as=${encodeURIComponent(user)}`, 303);
  });
}
