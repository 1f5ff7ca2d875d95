import { cursorOf, encodeCursor, flag, limitOf, optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { conversationFor, conversationObject, directMessageOf, findConversation, findPerson } from '../people.ts';
import { readMessage, threadRoot } from '../posting.ts';
import type { Range, StoredMessage } from '../store/messages.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { MethodTable } from './method.ts';

function rangeOf(args: Json, limit: number): Range {
  const oldest = optionalText(args, 'oldest');
  const latest = optionalText(args, 'latest');
  for (const ts of [oldest, latest])
    if (ts !== undefined && !/^\d+(\.\d+)?$/.test(ts)) throw new SlackRefusal(ts === oldest ? 'invalid_ts_oldest' : 'invalid_ts_latest');
  return {
    limit,
    inclusive: flag(args, 'inclusive'),
    ...(oldest === undefined ? {} : { oldest }),
    ...(latest === undefined ? {} : { latest }),
  };
}

/** One page out of one row too many. Ephemeral messages are nobody else's: they are never listed. */
function page(workspace: Workspace, args: Json, found: readonly StoredMessage[], limit: number): Json {
  const shown = found.slice(0, limit);
  const more = found.length > limit;
  const messages = shown
    .filter((message) => message.visibleTo === null)
    .map((message) => readMessage(workspace, message, { metadata: flag(args, 'include_all_metadata') }));
  const last = shown.at(-1);
  return { messages, has_more: more, ...(more && last !== undefined ? { response_metadata: { next_cursor: encodeCursor(last.ts) } } : {}) };
}

function history(workspace: Workspace, args: Json): Json {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const limit = limitOf(args, 100);
  const cursor = cursorOf(args);
  const range = rangeOf(args, limit + 1);
  const found = workspace.messages.history(conversation.id, cursor === undefined ? range : { ...range, latest: cursor, inclusive: false });
  return { ...page(workspace, args, found, limit), pin_count: 0 };
}

function replies(workspace: Workspace, args: Json): Json {
  const conversation = conversationFor(workspace, requiredText(args, 'channel'));
  const root = threadRoot(workspace, conversation.id, requiredText(args, 'ts'));
  if (root === undefined) throw new SlackRefusal('thread_not_found');
  const limit = limitOf(args, 1000);
  const cursor = cursorOf(args);
  const range = rangeOf(args, limit + 1);
  const found = workspace.messages.thread(
    conversation.id,
    root,
    cursor === undefined ? range : { ...range, oldest: cursor, inclusive: false },
  );
  return page(workspace, args, found, limit);
}

function list(workspace: Workspace, args: Json): Json {
  const types = (optionalText(args, 'types') ?? 'public_channel').split(',').map((type) => type.trim());
  const all = [
    ...(types.includes('public_channel') ? workspace.channels.map((channel) => conversationFor(workspace, channel.id)) : []),
    ...(types.includes('im') ? workspace.people.filter((person) => person.bot !== true).map(directMessageOf) : []),
  ];
  const limit = limitOf(args, 100);
  const from = Number(cursorOf(args) ?? 0);
  const next = from + limit < all.length ? encodeCursor(String(from + limit)) : '';
  return {
    channels: all.slice(from, from + limit).map((conversation) => conversationObject(workspace, conversation)),
    response_metadata: { next_cursor: next },
  };
}

function open(workspace: Workspace, args: Json): Json {
  const given = optionalText(args, 'channel');
  if (given !== undefined) return { channel: { id: conversationFor(workspace, given).id } };
  const users = requiredText(args, 'users').split(',');
  if (users.length > 1) throw new SlackRefusal('not_enough_users', ['[ERROR] group direct messages are not part of the local Slack']);
  const person = findPerson(workspace, users[0] ?? '');
  if (person === undefined) throw new SlackRefusal('user_not_found');
  if (person.deactivated === true) throw new SlackRefusal('user_disabled');
  if (person.bot === true) throw new SlackRefusal('cannot_dm_bot');
  return { channel: flag(args, 'return_im') ? conversationObject(workspace, directMessageOf(person)) : { id: directMessageOf(person).id } };
}

export const conversations: MethodTable = {
  'conversations.history': history,
  'conversations.replies': replies,
  'conversations.list': list,
  'conversations.open': open,
  'conversations.info': (workspace, args) => {
    const conversation = findConversation(workspace, requiredText(args, 'channel'));
    if (conversation === undefined) throw new SlackRefusal('channel_not_found');
    return { channel: conversationObject(workspace, conversation) };
  },
};
