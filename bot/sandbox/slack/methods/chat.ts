import { flag, optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { botPerson, canSee, conversationFor, findPerson } from '../people.ts';
import { edit, post, readMessage, remove, threadRoot } from '../posting.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { contentOf, flagsOf, requireSomething, withWarning } from './content.ts';
import type { MethodTable } from './method.ts';

function threadOf(workspace: Workspace, channel: string, args: Json): string | undefined {
  const given = optionalText(args, 'thread_ts');
  if (given === undefined) return undefined;
  const root = threadRoot(workspace, channel, given);
  if (root === undefined) throw new SlackRefusal('thread_not_found');
  return root;
}

function postMessage(workspace: Workspace, args: Json): Json {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const { body, warning } = contentOf(workspace, args);
  requireSomething(body);
  const threadTs = threadOf(workspace, conversation.id, args);
  const names = Object.fromEntries(
    ['username', 'icon_emoji', 'icon_url'].filter((key) => args[key] !== undefined).map((key) => [key, args[key]]),
  );
  const content = { text: '', ...body, ...names };
  const message = post(workspace, {
    conversation,
    author: botPerson(workspace),
    content,
    flags: flagsOf(args),
    threadTs,
    broadcast: flag(args, 'reply_broadcast'),
  });
  return withWarning({ channel: conversation.id, ts: message.ts, message: message.body }, warning);
}

/** A message that the app may change. Ephemeral ones cannot be found, as in Slack. */
function ownMessage(workspace: Workspace, args: Json, refusal: string): StoredMessage {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const message = workspace.messages.find(conversation.id, requiredText(args, 'ts'));
  if (message === undefined || message.visibleTo !== null) throw new SlackRefusal('message_not_found');
  if (message.author !== workspace.app.botUserId) throw new SlackRefusal(refusal);
  return message;
}

function update(workspace: Workspace, args: Json): Json {
  const message = ownMessage(workspace, args, 'cant_update_message');
  const { body, warning } = contentOf(workspace, args);
  requireSomething({ ...message.body, ...body });
  const edited = { user: workspace.app.botUserId, ts: workspace.messages.nextTs() };
  const written = edit(workspace, message, conversationFor(workspace, message.channel), { ...body, edited });
  return withWarning({ channel: message.channel, ts: message.ts, text: written['text'], message: written }, warning);
}

function postEphemeral(workspace: Workspace, args: Json): Json {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const person = findPerson(workspace, requiredText(args, 'user'));
  if (person === undefined || !canSee(person, conversation)) throw new SlackRefusal('user_not_in_channel');
  const { body, warning } = contentOf(workspace, args);
  requireSomething(body);
  const threadTs = threadOf(workspace, conversation.id, args);
  // As in Slack, which answers ok: in a thread that nobody has replied to, nobody sees it.
  if (threadTs !== undefined && workspace.messages.replies(conversation.id, threadTs).count === 0)
    return withWarning({ message_ts: workspace.messages.nextTs() }, warning);
  const message = post(workspace, {
    conversation,
    author: botPerson(workspace),
    content: { text: '', ...body },
    threadTs,
    visibleTo: person.id,
  });
  return withWarning({ message_ts: message.ts }, warning);
}

function getPermalink(workspace: Workspace, args: Json): Json {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const message = workspace.messages.find(conversation.id, requiredText(args, 'message_ts'));
  if (message === undefined || message.visibleTo !== null) throw new SlackRefusal('message_not_found');
  const thread = message.ts === message.threadTs ? '' : `?thread_ts=${message.threadTs}&cid=${message.channel}`;
  return {
    channel: message.channel,
    permalink: `${workspace.origin()}/archives/${message.channel}/p${message.ts.replace('.', '')}${thread}`,
  };
}

export const chat: MethodTable = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
  'chat.delete': (workspace, args) => {
    const message = ownMessage(workspace, args, 'cant_delete_message');
    remove(workspace, message, conversationFor(workspace, message.channel));
    return { channel: message.channel, ts: message.ts };
  },
  'reactions.add': (workspace, args) => {
    const conversation = conversationFor(workspace, requiredText(args, 'channel'));
    const message = workspace.messages.find(conversation.id, requiredText(args, 'timestamp'));
    if (message === undefined) throw new SlackRefusal('message_not_found');
    const name = requiredText(args, 'name');
    const reactions = (readMessage(workspace, message)['reactions'] ?? []) as { name: string; count: number; users: string[] }[];
    const bot = workspace.app.botUserId;
    if (reactions.some((reaction) => reaction.name === name && reaction.users.includes(bot))) throw new SlackRefusal('already_reacted');
    workspace.messages.update(message.channel, message.ts, {
      ...message.body,
      reactions: [...reactions, { name, count: 1, users: [bot] }],
    });
    workspace.feed.publish({
      type: 'message_changed',
      channel: message.channel,
      ts: message.ts,
      thread_ts: message.threadTs,
      user: message.visibleTo ?? conversation.user,
    });
    return {};
  },
};
