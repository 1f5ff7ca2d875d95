import { randomBytes } from 'node:crypto';
import type { Conversation } from './people.ts';
import type { Json } from './types.ts';
import type { Workspace } from './workspace.ts';

/** An id in Slack's manner: a letter and upper-case characters. */
export function slackId(prefix: string): string {
  return `${prefix}${randomBytes(8).toString('hex').slice(0, 10).toUpperCase()}`;
}

/** Wraps an event into the callback that apps get, and queues it. `author` is the person who caused it, for Slack Connect. */
export function emitEvent(workspace: Workspace, event: Json, where: Conversation | null, authorTeam: string = workspace.team.id): void {
  const id = slackId('Ev');
  const { app, team } = workspace;
  const authorization = { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false };
  workspace.events.add(id, {
    token: app.verificationToken,
    team_id: team.id,
    ...(where === null ? {} : { context_team_id: team.id, context_enterprise_id: null }),
    api_app_id: app.id,
    event: authorTeam === team.id ? event : { ...event, user_team: authorTeam, source_team: authorTeam },
    type: 'event_callback',
    event_id: id,
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [authorization],
    is_ext_shared_channel: where?.external === true,
  });
}

export function channelType(conversation: Conversation): 'channel' | 'im' {
  return conversation.kind;
}
