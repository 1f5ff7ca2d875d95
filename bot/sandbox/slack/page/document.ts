import { createElement as h, type ReactElement } from 'react';
import { type Conversation, canSee, directMessageOf, findConversation } from '../people.ts';
import type { LocalPerson } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { messageItems } from './messages.ts';
import { home } from './view.ts';

/** What a person looks at. */
export interface Place {
  readonly reader: LocalPerson;
  readonly conversation: Conversation;
  readonly threadTs: string | undefined;
  /** The app's Home instead of its messages. */
  readonly home: boolean;
}

function address(place: Place, changes: { channel?: string; home?: boolean }): string {
  const query = new URLSearchParams({ as: place.reader.handle, channel: changes.channel ?? place.conversation.id });
  if (changes.home === true) query.set('home', '1');
  return `/?${query}`;
}

function banner(): ReactElement {
  return h(
    'header',
    { className: 'banner', 'data-testid': 'banner' },
    'Local Slack: a stand-in for Slack, for trying Watchkeeper on this machine.',
  );
}

function personSelector(workspace: Workspace, reader: LocalPerson): ReactElement {
  const note = (person: LocalPerson) =>
    person.guest === true ? ' (guest)' : person.team !== undefined && person.team !== workspace.team.id ? ' (other company)' : '';
  const people = workspace.people.filter((person) => person.bot !== true && person.deactivated !== true);
  const options = people.map((person) => h('option', { key: person.id, value: person.handle }, `${person.name}${note(person)}`));
  return h(
    'div',
    { className: 'you' },
    h('label', { htmlFor: 'person' }, 'You are:'),
    h('select', { id: 'person', 'data-testid': 'person', defaultValue: reader.handle }, ...options),
  );
}

function sidebar(workspace: Workspace, place: Place): ReactElement {
  const link = (id: string, label: string, current: boolean, home = false) =>
    h(
      'li',
      { key: `${id}${home}` },
      h(
        'a',
        {
          href: address(place, { channel: id, home }),
          'data-channel': home ? undefined : id,
          'aria-current': current ? 'page' : undefined,
        },
        label,
      ),
    );
  const channels = workspace.channels.flatMap((channel) => {
    const conversation = findConversation(workspace, channel.id);
    return conversation !== undefined && canSee(place.reader, conversation)
      ? [link(channel.id, `# ${channel.name}`, channel.id === place.conversation.id)]
      : [];
  });
  const direct = directMessageOf(place.reader).id;
  const inDirect = place.conversation.id === direct;
  return h(
    'nav',
    { className: 'sidebar', 'aria-label': 'Conversations' },
    h('h1', null, workspace.team.name),
    personSelector(workspace, place.reader),
    h('h2', null, 'Channels'),
    h('ul', null, ...channels),
    h('h2', null, 'App'),
    h('ul', null, link(direct, workspace.app.name, inDirect && !place.home), link(direct, 'Home', inDirect && place.home, true)),
    h(
      'button',
      { type: 'button', className: 'button on-dark', 'data-testid': 'global-shortcut', 'data-callback-id': 'new_investigation' },
      'New investigation',
    ),
  );
}

function composer(id: string, label: string, threadTs?: string): ReactElement {
  const field = {
    id,
    name: 'text',
    rows: 2,
    placeholder: label,
    'data-testid': threadTs === undefined ? 'composer' : 'thread-composer',
    required: true,
  };
  return h(
    'form',
    { className: 'composer', 'data-thread-ts': threadTs },
    h('label', { htmlFor: id, className: 'visually-hidden' }, label),
    h('textarea', field),
    h('button', { type: 'submit', className: 'button primary', 'data-testid': threadTs === undefined ? 'send' : 'thread-send' }, 'Send'),
  );
}

function empty(workspace: Workspace, conversation: Conversation): ReactElement {
  const example = conversation.kind === 'im' ? 'checkout answers with errors' : `@${workspace.app.handle} checkout answers with errors`;
  return h('p', { className: 'empty muted' }, `Nothing here yet. Try: ${example}`);
}

/** The thread beside the channel; also fetched on its own when a thread is opened. */
export function threadPane(workspace: Workspace, place: Place & { threadTs: string }): ReactElement {
  return h(
    'aside',
    { className: 'thread', 'data-testid': 'thread', 'data-thread-ts': place.threadTs, 'aria-label': 'Thread' },
    h(
      'header',
      { className: 'pane-head' },
      h('h2', null, 'Thread'),
      h('button', { type: 'button', className: 'button default', 'data-testid': 'close-thread', 'aria-label': 'Close thread' }, 'Close'),
    ),
    h(
      'ol',
      { className: 'messages', tabIndex: 0, 'aria-label': 'Messages of the thread' },
      messageItems(workspace, place.reader, place.conversation.id, { threadTs: place.threadTs }),
    ),
    h('p', { className: 'status muted', role: 'status', 'data-testid': 'status' }, statusOf(workspace, place)),
    composer('thread-text', 'Reply…', place.threadTs),
  );
}

function statusOf(workspace: Workspace, place: Place): string {
  const status = workspace.statuses.get(`${place.conversation.id}/${place.threadTs}`);
  return status === undefined ? '' : `${workspace.app.name} ${status}`;
}

function channelPane(workspace: Workspace, place: Place): ReactElement {
  const { conversation } = place;
  const title = conversation.kind === 'im' ? workspace.app.name : `# ${conversation.name}`;
  const topic = conversation.kind === 'im' ? 'Between you and the app' : conversation.topic;
  const head = h('header', { className: 'pane-head' }, h('div', null, h('h2', null, title), h('p', { className: 'muted' }, topic)));
  if (place.home)
    return h('main', { className: 'channel' }, head, h('div', { className: 'home-body', id: 'home' }, home(workspace, place.reader.id)));
  const any = workspace.messages.history(conversation.id, { limit: 1 }).length > 0;
  const label = conversation.kind === 'im' ? `Message ${workspace.app.name}` : `Message #${conversation.name}`;
  return h(
    'main',
    { className: 'channel' },
    head,
    any ? null : empty(workspace, conversation),
    h(
      'ol',
      { className: 'messages', tabIndex: 0, 'aria-label': `Messages in ${title}` },
      messageItems(workspace, place.reader, conversation.id, {}),
    ),
    composer('text', label),
  );
}

/** The whole page. */
export function page(workspace: Workspace, place: Place): ReactElement {
  const { reader, conversation, threadTs } = place;
  const head = [
    h('meta', { key: 'charset', charSet: 'utf-8' }),
    h('meta', { key: 'viewport', name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { key: 'scheme', name: 'color-scheme', content: 'light dark' }),
    h('title', { key: 'title' }, `${conversation.kind === 'im' ? workspace.app.name : `#${conversation.name}`} · Local Slack`),
    h('link', { key: 'style', rel: 'stylesheet', href: '/assets/local-slack.css' }),
    h('link', { key: 'icon', rel: 'icon', href: '/assets/icon.svg' }),
    h('script', { key: 'script', type: 'module', src: '/assets/local-slack.js' }),
  ];
  const body = [
    banner(),
    h(
      'div',
      { key: 'panes', className: 'panes' },
      sidebar(workspace, place),
      channelPane(workspace, place),
      threadTs === undefined ? null : threadPane(workspace, { ...place, threadTs }),
    ),
    h('p', { key: 'live', id: 'live', className: 'visually-hidden', 'aria-live': 'polite' }),
    h('p', { key: 'notice', id: 'notice', className: 'notice', role: 'alert', 'data-testid': 'notice', hidden: true }),
    h('dialog', { key: 'modal', id: 'modal', 'data-testid': 'modal', 'aria-labelledby': 'modal-title' }),
    h('dialog', { key: 'confirm', id: 'confirm', 'data-testid': 'confirm', 'aria-labelledby': 'confirm-title' }),
  ];
  return h(
    'html',
    { lang: 'en' },
    h('head', null, ...head),
    h(
      'body',
      { 'data-user': reader.id, 'data-handle': reader.handle, 'data-channel': conversation.id, 'data-home': place.home ? '1' : undefined },
      ...body,
    ),
  );
}
