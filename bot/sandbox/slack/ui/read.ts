import { canSee, conversationObject, directMessageOf, findConversation, userObject } from '../people.ts';
import { readMessage } from '../posting.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Json, LocalPerson } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Without a reader only what everybody sees. */
export function visibleTo(message: StoredMessage, reader: LocalPerson | undefined): boolean {
  return message.visibleTo === null || message.visibleTo === reader?.id;
}

export interface Window {
  readonly threadTs?: string | undefined;
  /** Older than this timestamp. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The newest messages of a channel, or of one thread (after its root), oldest first. */
export function readWindow(
  workspace: Workspace,
  channel: string,
  window: Window,
): { messages: readonly StoredMessage[]; hasMore: boolean } {
  const { threadTs, before = '9999999999.999999', limit } = window;
  const found =
    threadTs === undefined
      ? workspace.messages.history(channel, { limit: limit + 1, latest: before }).toReversed()
      : workspace.messages.threadTail(channel, threadTs, before, limit + 1);
  return { messages: found.slice(-limit), hasMore: found.length > limit };
}

/** Messages as a person's client would have them, with what only the sandbox tells: `flags`. */
export function readMessages(workspace: Workspace, channel: string, window: Window, reader: LocalPerson | undefined): Json {
  const { messages, hasMore } = readWindow(workspace, channel, window);
  const root = window.threadTs === undefined ? undefined : workspace.messages.find(channel, window.threadTs);
  const shown = [...(root === undefined ? [] : [root]), ...messages].filter((message) => visibleTo(message, reader));
  return {
    messages: shown.map((message) => ({ ...readMessage(workspace, message, { metadata: true }), flags: message.flags })),
    has_more: hasMore,
  };
}

/** What the page of one person starts from. */
export function readState(workspace: Workspace, person: LocalPerson): Json {
  const channels = workspace.channels.flatMap((channel) => {
    const conversation = findConversation(workspace, channel.id);
    return conversation !== undefined && canSee(person, conversation) ? [conversationObject(workspace, conversation)] : [];
  });
  return {
    team: workspace.team,
    bot: { id: workspace.app.botUserId, name: workspace.app.handle },
    user: userObject(workspace, person),
    people: workspace.people.map((known) => userObject(workspace, known)),
    channels,
    direct_message: directMessageOf(person).id,
    view: workspace.views.top(person.id) ?? null,
    connected: workspace.transport.ready(),
  };
}
