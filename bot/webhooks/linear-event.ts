import { z } from 'zod';
import { partOf } from '../../tools/text.ts';
import type { InboxEvent } from '../ports.ts';

const IssueEvent = z.object({
  type: z.literal('Issue'),
  action: z.enum(['create', 'update']),
  data: z.object({ id: z.uuid(), labelIds: z.array(z.string()).default([]) }),
  updatedFrom: z.record(z.string(), z.unknown()).nullish(),
});

const Id = z.string().min(1).max(100);

const SessionEvent = z.object({
  type: z.literal('AgentSessionEvent'),
  action: z.enum(['created', 'prompted']),
  appUserId: Id,
  agentSession: z.object({
    id: Id,
    issueId: Id.nullish(),
    creatorId: Id.nullish(),
    issue: z.object({ title: z.string(), description: z.string().nullish() }).nullish(),
    comment: z.object({ body: z.string() }).nullish(),
  }),
  agentActivity: z
    .object({
      id: Id,
      userId: Id.nullish(),
      signal: z.string().nullish(),
      content: z.object({ type: z.string(), body: z.string().optional() }),
    })
    .nullish(),
});
type SessionEvent = z.infer<typeof SessionEvent>;

/** Characters of what a person wrote; it is cut to them once the inbox has redacted it. */
export const longestText = 8_000;

/** Labels that changed, or with which an issue was made. */
function relabelled(content: unknown, delivery: string): InboxEvent | null {
  const event = IssueEvent.safeParse(content);
  if (!event.success) return null;
  const { action, data, updatedFrom } = event.data;
  const changed =
    action === 'create' ? data.labelIds.length > 0 : updatedFrom !== null && updatedFrom !== undefined && 'labelIds' in updatedFrom;
  return changed ? { kind: 'linear.labels', dedupeKey: delivery, issueId: data.id } : null;
}

function begun({ appUserId, agentSession }: SessionEvent): InboxEvent | null {
  const { id, issueId = null, creatorId = null, issue, comment } = agentSession;
  // What our own account begins is an answer to something, never a question.
  if (creatorId === appUserId) return null;
  const text = partOf([issue?.title ?? '', comment?.body ?? issue?.description ?? ''].join('\n').trim(), longestText);
  return { kind: 'linear.session', dedupeKey: `session:${id}`, sessionId: id, issueId, creator: creatorId, text };
}

function wentOn({ appUserId, agentSession, agentActivity }: SessionEvent): InboxEvent | null {
  if (agentActivity === null || agentActivity === undefined) return null;
  const { id, userId = null, signal, content } = agentActivity;
  if (content.type !== 'prompt' || userId === appUserId) return null;
  return { kind: 'linear.prompt', dedupeKey: `activity:${id}`, sessionId: agentSession.id, user: userId, stop: signal === 'stop' };
}

/** What of a verified webhook is to be kept; null for everything else. `delivery` is the id that all its copies share. */
export function linearEvent(content: unknown, delivery: string): InboxEvent | null {
  const session = SessionEvent.safeParse(content);
  if (!session.success) return relabelled(content, delivery);
  return session.data.action === 'created' ? begun(session.data) : wentOn(session.data);
}
