import { channelType, emitEvent, slackId } from './events.ts';
import type { Conversation } from './people.ts';
import type { StoredMessage } from './store/messages.ts';
import type { Json, LocalPerson } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface Draft {
  readonly conversation: Conversation;
  readonly author: LocalPerson;
  /** Text, blocks, metadata and what else Slack gives back. */
  readonly content: Json;
  readonly flags?: Json;
  /** Any message of the thread. */
  readonly threadTs?: string | undefined;
  /** A reply that is shown in the channel too. */
  readonly broadcast?: boolean;
  readonly visibleTo?: string;
}

/** Slack gives every block an id, save markdown blocks, which lose theirs. */
export function withBlockIds(blocks: readonly Json[]): Json[] {
  return blocks.map((block) => {
    if (block['type'] !== 'markdown') return withActionIds({ ...block, block_id: block['block_id'] ?? slackId('b') });
    const { block_id: _, ...rest } = block;
    return rest;
  });
}

function withActionIds(block: Json): Json {
  const name = (element: unknown) => (interactive(element) ? { ...element, action_id: element['action_id'] ?? slackId('a') } : element);
  return {
    ...block,
    ...(Array.isArray(block['elements']) && block['type'] !== 'rich_text' ? { elements: block['elements'].map(name) } : {}),
    ...(block['accessory'] === undefined ? {} : { accessory: name(block['accessory']) }),
    ...(block['type'] === 'input' ? { element: name(block['element']) } : {}),
  };
}

function interactive(element: unknown): element is Json {
  return (
    typeof element === 'object' &&
    element !== null &&
    'type' in element &&
    !['mrkdwn', 'plain_text', 'image'].includes(String(element.type))
  );
}

function identity(workspace: Workspace, author: LocalPerson): Json {
  if (author.id !== workspace.app.botUserId)
    return {
      user: author.id,
      team: author.team ?? workspace.team.id,
      ...(author.bot === true ? { bot_id: `B${author.id.slice(1)}` } : {}),
    };
  const { app, team } = workspace;
  return {
    user: app.botUserId,
    bot_id: app.botId,
    app_id: app.id,
    team: team.id,
    bot_profile: { id: app.botId, app_id: app.id, name: app.name, deleted: false, team_id: team.id },
  };
}

/** The root that a `thread_ts` leads to, or undefined where there is no such message. */
export function threadRoot(workspace: Workspace, channel: string, threadTs: string): string | undefined {
  return workspace.messages.find(channel, threadTs)?.threadTs;
}

/** Stores a message, tells the page, and (unless it is ephemeral) emits its events. */
export function post(workspace: Workspace, draft: Draft): StoredMessage {
  const { conversation, author, visibleTo = null } = draft;
  const ts = workspace.messages.nextTs();
  const inThread = draft.threadTs !== undefined;
  const body: Json = {
    type: 'message',
    ...(inThread && draft.broadcast === true ? { subtype: 'thread_broadcast' } : {}),
    ...identity(workspace, author),
    ...draft.content,
    ts,
    ...(inThread ? { thread_ts: draft.threadTs } : {}),
    ...(visibleTo === null ? {} : { is_ephemeral: true }),
  };
  const message = {
    channel: conversation.id,
    ts,
    threadTs: draft.threadTs ?? ts,
    author: author.id,
    visibleTo,
    body,
    flags: draft.flags ?? {},
  };
  workspace.messages.insert(message);
  if (visibleTo === null) emitMessageEvents(workspace, conversation, author, body);
  workspace.feed.publish({
    type: visibleTo === null ? 'message' : 'ephemeral',
    channel: conversation.id,
    ts,
    thread_ts: message.threadTs,
    user: visibleTo ?? conversation.user,
  });
  return message;
}

function emitMessageEvents(workspace: Workspace, conversation: Conversation, author: LocalPerson, body: Json): void {
  const event = { ...withoutMetadata(body), channel: conversation.id, event_ts: body['ts'] };
  const mentions = typeof body['text'] === 'string' && body['text'].includes(`<@${workspace.app.botUserId}>`);
  const byPerson = author.id !== workspace.app.botUserId;
  // Slack emits no app_mention in a direct message.
  if (mentions && byPerson && conversation.kind === 'channel')
    emitEvent(workspace, { ...event, type: 'app_mention' }, conversation, author.team);
  emitEvent(workspace, { ...event, channel_type: channelType(conversation) }, conversation, author.team);
}

export function withoutMetadata(body: Json): Json {
  const { metadata: _, ...rest } = body;
  return rest;
}

/** Replaces the content of a message, keeping what `content` does not name. */
export function edit(workspace: Workspace, message: StoredMessage, conversation: Conversation, content: Json): Json {
  const body = { ...message.body, ...content };
  workspace.messages.update(message.channel, message.ts, body);
  const shared = { channel: message.channel, ts: message.ts, thread_ts: message.threadTs, user: message.visibleTo ?? conversation.user };
  workspace.feed.publish({ type: 'message_changed', ...shared });
  if (message.visibleTo === null)
    emitChange(workspace, conversation, 'message_changed', {
      message: withoutMetadata(body),
      previous_message: withoutMetadata(message.body),
    });
  return body;
}

export function remove(workspace: Workspace, message: StoredMessage, conversation: Conversation): void {
  workspace.messages.remove(message.channel, message.ts);
  workspace.feed.publish({
    type: 'message_deleted',
    channel: message.channel,
    ts: message.ts,
    thread_ts: message.threadTs,
    user: message.visibleTo ?? conversation.user,
  });
  if (message.visibleTo === null)
    emitChange(workspace, conversation, 'message_deleted', { deleted_ts: message.ts, previous_message: withoutMetadata(message.body) });
}

function emitChange(workspace: Workspace, conversation: Conversation, subtype: string, change: Json): void {
  const ts = workspace.messages.nextTs();
  emitEvent(
    workspace,
    {
      type: 'message',
      subtype,
      ...change,
      channel: conversation.id,
      hidden: true,
      ts,
      event_ts: ts,
      channel_type: channelType(conversation),
    },
    conversation,
  );
}

/** A message as apps and the page read it: a root carries the summary of its thread. */
export function readMessage(workspace: Workspace, message: StoredMessage, options: { metadata?: boolean } = {}): Json {
  const body = options.metadata === true ? message.body : withoutMetadata(message.body);
  if (message.ts !== message.threadTs) return body;
  const replies = workspace.messages.replies(message.channel, message.ts);
  if (replies.count === 0) return body;
  return {
    ...body,
    thread_ts: message.ts,
    reply_count: replies.count,
    reply_users_count: replies.users.length,
    latest_reply: replies.latest,
    reply_users: replies.users,
  };
}
