import { PersonRefusal } from '../errors.ts';
import { emitEvent } from '../events.ts';
import { directMessageOf } from '../people.ts';
import { readMessage } from '../posting.ts';
import { respondTo } from '../respond.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { acknowledged, actingPerson, interactionBase, visibleConversation } from './person.ts';

export interface Command {
  readonly user: string;
  readonly channel: string;
  /** With its slash. */
  readonly command: string;
  readonly text: string;
}

/** Runs a slash command; what the app answers right away is shown to the person. */
export async function runCommand(workspace: Workspace, given: Command): Promise<Json> {
  const person = actingPerson(workspace, given.user);
  const conversation = visibleConversation(workspace, person, given.channel);
  const target = { user: person.id, channel: conversation.id, ts: null, threadTs: null };
  const { team, app } = workspace;
  const payload = {
    token: app.verificationToken,
    team_id: person.team ?? team.id,
    team_domain: team.domain,
    channel_id: conversation.id,
    channel_name: conversation.kind === 'im' ? 'directmessage' : conversation.name,
    user_id: person.id,
    user_name: person.handle,
    command: given.command,
    text: given.text,
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${workspace.origin()}${workspace.responseUrls.issue(target)}`,
    trigger_id: workspace.triggers.issue(person.id),
  };
  const answer = acknowledged(workspace, await workspace.transport.deliver('slash_commands', payload));
  if (answer['text'] !== undefined || answer['blocks'] !== undefined) respondTo(workspace, target, answer);
  return { ok: true };
}

export interface Shortcut {
  readonly user: string;
  readonly callback_id: string;
  /** With `ts`: a message shortcut. */
  readonly channel?: string | undefined;
  readonly ts?: string | undefined;
}

function onMessage(workspace: Workspace, given: Shortcut): Json {
  const person = actingPerson(workspace, given.user);
  const conversation = visibleConversation(workspace, person, given.channel ?? '');
  const message = workspace.messages.find(conversation.id, given.ts ?? '');
  if (message === undefined || message.visibleTo !== null) throw new PersonRefusal('That message is gone.', 404);
  const target = { user: person.id, channel: conversation.id, ts: message.ts, threadTs: message.threadTs };
  return {
    type: 'message_action',
    channel: { id: conversation.id, name: conversation.name },
    message_ts: message.ts,
    message: readMessage(workspace, message),
    response_url: `${workspace.origin()}${workspace.responseUrls.issue(target)}`,
  };
}

/** Runs a global or a message shortcut. */
export async function runShortcut(workspace: Workspace, given: Shortcut): Promise<Json> {
  const person = actingPerson(workspace, given.user);
  const kind = given.ts === undefined ? { type: 'shortcut' } : onMessage(workspace, given);
  const payload = {
    ...interactionBase(workspace, person),
    ...kind,
    callback_id: given.callback_id,
    action_ts: (Date.now() / 1000).toFixed(6),
  };
  acknowledged(workspace, await workspace.transport.deliver('interactive', payload));
  return { ok: true };
}

/** The person looks at the app's Home or at its messages. */
export function openHome(workspace: Workspace, user: string, tab: 'home' | 'messages'): void {
  const person = actingPerson(workspace, user);
  const conversation = directMessageOf(person);
  const home = workspace.database.prepare('select view from homes where user = ?').get(person.id);
  const view = home === undefined || tab !== 'home' ? {} : { view: JSON.parse(String(home['view'])) as Json };
  emitEvent(
    workspace,
    { type: 'app_home_opened', user: person.id, channel: conversation.id, tab, event_ts: workspace.messages.nextTs(), ...view },
    null,
  );
}
