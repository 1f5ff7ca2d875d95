import { randomUUID } from 'node:crypto';
import { agentSession, keepActivity } from './agents.ts';
import type { ActivityContent, AgentActivity, AgentSession, Issue, User } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

/** What a webhook tells of a session, https://linear.app/developers/agents. */
export interface SessionEvent {
  readonly action: 'created' | 'prompted';
  readonly session: AgentSession;
  readonly issue: Issue;
  /** The words with which a person began or went on; null for a delegation. */
  readonly comment: string | null;
  readonly activity: AgentActivity | null;
  readonly by: User | null;
}

/** A person mentions the app in a comment, or delegates the issue to it (no words). `by` null: an automation does. */
export function beginSession(workspace: LinearWorkspace, issue: Issue, by: User | null, words: string | null): SessionEvent {
  const begun: AgentSession = {
    id: randomUUID(),
    issueId: issue.id,
    commentId: words === null ? null : randomUUID(),
    creatorId: by?.id ?? null,
    plan: null,
    createdAt: new Date().toISOString(),
  };
  workspace.documents.put('agent_session', begun.id, issue.id, begun);
  return { action: 'created', session: begun, issue, comment: words, activity: null, by };
}

/** A person goes on in a session; `signal` is `stop` when they press that button. */
export function promptSession(workspace: LinearWorkspace, id: string, by: User, words: string, signal: string | null): SessionEvent {
  const begun = agentSession(workspace, id);
  const content: ActivityContent = { type: 'prompt', body: words };
  const at = new Date().toISOString();
  const activity = keepActivity(workspace, { id: randomUUID(), sessionId: id, userId: by.id, content, signal, createdAt: at });
  return { action: 'prompted', session: begun, issue: workspace.issue(begun.issueId), comment: null, activity, by };
}
