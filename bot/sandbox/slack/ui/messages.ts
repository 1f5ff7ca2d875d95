import { randomUUID } from 'node:crypto';
import { PersonRefusal } from '../errors.ts';
import { findPerson } from '../people.ts';
import { post, threadRoot } from '../posting.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { actingPerson, visibleConversation } from './person.ts';

const textLimit = 40_000;

/** Written text → what Slack's composer sends: control characters escaped, @handles, #channels and addresses turned into links. */
export function composerText(workspace: Workspace, written: string): string {
  const kept = /(<[@#][A-Z0-9]+>|<!(?:here|channel|everyone)>)/;
  return written
    .split(kept)
    .map((part, index) => (index % 2 === 1 ? part : linked(workspace, part)))
    .join('');
}

function linked(workspace: Workspace, part: string): string {
  const escaped = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .replace(/(^|\s)(https?:\/\/[^\s|]+)/g, '$1<$2>')
    .replace(/(^|[\s(])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])/gi, (whole, before: string, handle: string) => {
      const id = handle.toLowerCase() === workspace.app.handle ? workspace.app.botUserId : findPerson(workspace, handle.toLowerCase())?.id;
      return id === undefined ? whole : `${before}<@${id}>`;
    })
    .replace(/(^|\s)#([a-z0-9][a-z0-9_-]*)/g, (whole, before: string, name: string) => {
      const channel = workspace.channels.find((known) => known.name === name);
      return channel === undefined ? whole : `${before}<#${channel.id}>`;
    });
}

export interface Written {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly thread_ts?: string | undefined;
}

/** A person's message; answers it in Slack's shape. */
export function writeMessage(workspace: Workspace, written: Written): Json {
  const author = actingPerson(workspace, written.user);
  const conversation = visibleConversation(workspace, author, written.channel);
  const text = composerText(workspace, written.text.trim());
  if (text === '') throw new PersonRefusal('A message needs some text.');
  if (text.length > textLimit) throw new PersonRefusal(`A message may have ${textLimit} characters; this one has ${text.length}.`);
  const threadTs = written.thread_ts === undefined ? undefined : threadRoot(workspace, conversation.id, written.thread_ts);
  if (written.thread_ts !== undefined && threadTs === undefined) throw new PersonRefusal('That thread is gone.', 404);
  const message = post(workspace, { conversation, author, threadTs, content: { text, client_msg_id: randomUUID() } });
  return { ...message.body, channel: conversation.id };
}
