import { z } from 'zod';
import { invalidInput, notFound } from './refusal.ts';
import type { ActivityContent, AgentActivity, AgentSession } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

/** What an app may say; `prompt` is for people. https://linear.app/developers/agent-interaction */
const Content: z.ZodType<ActivityContent> = z.union([
  z.object({ type: z.enum(['thought', 'elicitation', 'response', 'error']), body: z.string().min(1) }),
  z.object({ type: z.literal('action'), action: z.string().min(1), parameter: z.string(), result: z.string().optional() }),
]);

interface ActivityInput {
  readonly id?: string | null;
  readonly agentSessionId: string;
  readonly content: unknown;
}

type Payload = (name: string, value: { id: string }) => object;

/** Throws what Linear answers when there is none. */
export function agentSession(workspace: LinearWorkspace, id: string): AgentSession {
  const found = workspace.documents.get<AgentSession>('agent_session', id);
  if (found === undefined) throw notFound('AgentSession');
  return found;
}

export function keepActivity(workspace: LinearWorkspace, activity: AgentActivity): AgentActivity {
  workspace.documents.put('agent_activity', activity.id, activity.sessionId, activity);
  return activity;
}

function createActivity(workspace: LinearWorkspace, input: ActivityInput): AgentActivity {
  const content = Content.safeParse(input.content);
  if (!content.success) throw invalidInput('Argument Validation Error - content is not an activity of an app.');
  return keepActivity(workspace, {
    id: workspace.claimId('agent_activity', input.id),
    sessionId: agentSession(workspace, input.agentSessionId).id,
    userId: workspace.viewer.id,
    content: content.data,
    signal: null,
    createdAt: new Date().toISOString(),
  });
}

/** Root values of `Mutation` that belong to agent sessions. */
export function agentMutations(workspace: LinearWorkspace, payload: Payload): Record<string, unknown> {
  return {
    agentActivityCreate: (args: { input: ActivityInput }) => payload('agentActivity', createActivity(workspace, args.input)),
    agentSessionUpdate: (args: { id: string; input: { plan?: unknown } }) => {
      const known = agentSession(workspace, args.id);
      const after: AgentSession = { ...known, plan: args.input.plan ?? known.plan };
      workspace.documents.put('agent_session', after.id, after.issueId, after);
      return payload('agentSession', { ...after, status: statusOf(activitiesOf(workspace, after.id)) } as AgentSession & {
        status: string;
      });
    },
  };
}

/** Oldest first. */
export function activitiesOf(workspace: LinearWorkspace, sessionId: string): readonly AgentActivity[] {
  return workspace.documents.list<AgentActivity>('agent_activity', sessionId);
}

/** Derived from the last activity, as Linear does. */
export function statusOf(activities: readonly AgentActivity[]): string {
  switch (activities.at(-1)?.content.type) {
    case undefined:
      return 'pending';
    case 'elicitation':
      return 'awaitingInput';
    case 'response':
      return 'complete';
    case 'error':
      return 'error';
    default:
      return 'active';
  }
}
