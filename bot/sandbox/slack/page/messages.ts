import { Fragment, createElement as h, type ReactElement } from 'react';
import { readMessage } from '../posting.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Json, LocalPerson } from '../types.ts';
import { readWindow, visibleTo } from '../ui/read.ts';
import type { Workspace } from '../workspace.ts';
import { blocks } from './blocks.ts';
import { files } from './files.ts';
import { emojiOf, mrkdwn, spoken } from './mrkdwn.ts';

export type Pane = 'main' | 'thread';

const pageSize = 60;

function when(ts: string): ReactElement {
  const date = new Date(Number(ts) * 1000);
  // The server's clock is the reader's: both are this machine.
  return h(
    'time',
    { dateTime: date.toISOString(), title: date.toLocaleString('en-GB') },
    date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' }),
  );
}

function authorOf(workspace: Workspace, body: Json): { name: string; tag: string | null } {
  if (body['user'] === workspace.app.botUserId) return { name: String(body['username'] ?? workspace.app.name), tag: 'App' };
  const person = workspace.people.find((known) => known.id === body['user']);
  if (person === undefined) return { name: String(body['user']), tag: null };
  if (person.team !== undefined && person.team !== workspace.team.id) return { name: person.name, tag: 'Other company' };
  return { name: person.name, tag: person.guest === true ? 'Guest' : null };
}

/** Two letters in a colour that belongs to the person. */
export function avatar(id: string, name: string): ReactElement {
  const initials = name
    .split(' ')
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('');
  const hue = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  return h('span', { className: `avatar hue-${hue}`, 'aria-hidden': true }, initials.toUpperCase());
}

function reactions(body: Json): ReactElement | null {
  const list = Array.isArray(body['reactions']) ? (body['reactions'] as Json[]) : [];
  if (list.length === 0) return null;
  return h(
    'p',
    { className: 'reactions' },
    ...list.map((reaction) =>
      h('span', { key: String(reaction['name']) }, `${emojiOf(String(reaction['name']))} ${String(reaction['count'])}`),
    ),
  );
}

function thread(message: StoredMessage, body: Json, pane: Pane): ReactElement | null {
  if (pane === 'thread' || message.visibleTo !== null) return null;
  const count = Number(body['reply_count'] ?? 0);
  const label = count === 0 ? 'Reply in thread' : `${count} ${count === 1 ? 'reply' : 'replies'}`;
  return h(
    'button',
    {
      type: 'button',
      className: count === 0 ? 'thread-link quiet' : 'thread-link',
      'data-testid': 'open-thread',
      'data-thread-ts': message.threadTs,
    },
    label,
  );
}

function shortcut(message: StoredMessage): ReactElement | null {
  if (message.visibleTo !== null) return null;
  return h(
    'button',
    { type: 'button', className: 'thread-link quiet', 'data-testid': 'message-shortcut', 'data-callback-id': 'investigate_message' },
    'Investigate this',
  );
}

/** One message with everything on it. */
export function message(workspace: Workspace, stored: StoredMessage, pane: Pane): ReactElement {
  const body = readMessage(workspace, stored);
  const { name, tag } = authorOf(workspace, body);
  const list = Array.isArray(body['blocks']) ? (body['blocks'] as Json[]) : [];
  const text = String(body['text'] ?? '');
  const content = list.length > 0 ? blocks(workspace, list) : text === '' ? null : mrkdwn(workspace, text);
  const heard =
    spoken(workspace, text) || (Array.isArray(body['files']) ? body['files'].map((file: Json) => String(file['title'])).join(', ') : '');
  const own = stored.author === workspace.app.botUserId;
  return h(
    'li',
    {
      key: stored.ts,
      className: `message${stored.visibleTo === null ? '' : ' ephemeral'}`,
      'data-testid': 'message',
      'data-ts': stored.ts,
      'data-user': stored.author,
    },
    avatar(stored.author, name),
    h(
      'article',
      { 'aria-label': `${name}: ${heard.slice(0, 120)}` },
      stored.visibleTo === null ? null : h('p', { className: 'only-you' }, 'Only visible to you'),
      h('header', null, h('strong', null, name), tag === null ? null : h('span', { className: 'tag' }, tag), when(stored.ts)),
      content,
      files(workspace, body),
      reactions(body),
      h('footer', null, thread(stored, body, pane), own ? null : shortcut(stored)),
    ),
  );
}

/** A part of the list of messages, with a way to older ones. */
export function messageItems(
  workspace: Workspace,
  reader: LocalPerson,
  channel: string,
  where: { threadTs?: string | undefined; before?: string | undefined },
): ReactElement {
  const { messages, hasMore } = readWindow(workspace, channel, { ...where, limit: pageSize });
  const root = where.threadTs === undefined || where.before !== undefined ? undefined : workspace.messages.find(channel, where.threadTs);
  const pane = where.threadTs === undefined ? 'main' : 'thread';
  const older = hasMore
    ? h(
        'li',
        { key: 'older', className: 'older' },
        h(
          'button',
          { type: 'button', className: 'button default', 'data-testid': 'older', 'data-before': messages[0]?.ts },
          'Show older messages',
        ),
      )
    : null;
  const items = messages.filter((stored) => visibleTo(stored, reader)).map((stored) => message(workspace, stored, pane));
  return h(Fragment, null, root === undefined ? null : message(workspace, root, pane), older, ...items);
}
