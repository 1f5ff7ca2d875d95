import { PersonRefusal } from '../errors.ts';
import { readMessage } from '../posting.ts';
import type { StoredMessage } from '../store/messages.ts';
import type { Json, LocalPerson } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { elementState, type Found, interactiveElements, type Values, viewState } from './inputs.ts';
import { acknowledged, actingPerson, interactionBase, visibleConversation } from './person.ts';

export interface Click {
  readonly user: string;
  /** Of the message; absent for a click in a view. */
  readonly channel?: string | undefined;
  readonly ts?: string | undefined;
  readonly view_id?: string | undefined;
  readonly action_id: string;
  readonly block_id?: string | undefined;
  /** What was chosen, for elements other than buttons. */
  readonly value?: unknown;
  readonly values?: Values | undefined;
  /** Sends a click on a button that is no longer there, with `value`. */
  readonly stale?: boolean | undefined;
}

function actionOf(click: Click, found: Found | undefined): Json {
  const action_ts = (Date.now() / 1000).toFixed(6);
  if (click.stale === true) {
    const text = { type: 'plain_text', text: click.action_id, emoji: true };
    return {
      type: 'button',
      action_id: click.action_id,
      block_id: click.block_id ?? 'stale',
      text,
      value: String(click.value ?? ''),
      action_ts,
    };
  }
  if (found === undefined) throw new PersonRefusal(`There is no ${click.action_id} here any more.`);
  const { element, blockId } = found;
  const shared = { action_id: element['action_id'], block_id: blockId, action_ts };
  if (element['type'] === 'feedback_buttons') return { ...shared, type: 'feedback_buttons', value: feedbackValue(element, click.value) };
  if (element['type'] === 'button' || element['type'] === 'icon_button') {
    const kept = ['text', 'value', 'style', 'url'].filter((key) => element[key] !== undefined).map((key) => [key, element[key]]);
    return { ...shared, type: element['type'], ...Object.fromEntries(kept) };
  }
  const state = elementState(element, click.value);
  if (state === undefined) throw new PersonRefusal(`${click.action_id} does not offer ${String(click.value)}.`);
  return { ...shared, ...state };
}

function feedbackValue(element: Json, value: unknown): string {
  const offered = ['positive_button', 'negative_button'].map((key) => String((element[key] as Json)['value']));
  if (!offered.includes(String(value))) throw new PersonRefusal(`Feedback is one of: ${offered.join(', ')}.`);
  return String(value);
}

function pick(blocks: unknown, click: Click): Found | undefined {
  return interactiveElements(blocks).find(
    (found) => found.element['action_id'] === click.action_id && (click.block_id === undefined || found.blockId === click.block_id),
  );
}

function messageFor(workspace: Workspace, person: LocalPerson, click: Click): StoredMessage {
  const conversation = visibleConversation(workspace, person, click.channel ?? '');
  const message = workspace.messages.find(conversation.id, click.ts ?? '');
  if (message === undefined || (message.visibleTo !== null && message.visibleTo !== person.id))
    throw new PersonRefusal('That message is gone.', 404);
  return message;
}

function messageClick(workspace: Workspace, person: LocalPerson, click: Click): Json {
  const message = messageFor(workspace, person, click);
  const conversation = visibleConversation(workspace, person, message.channel);
  const ephemeral = message.visibleTo !== null;
  const thread = message.ts === message.threadTs ? {} : { thread_ts: message.threadTs };
  const target = { user: person.id, channel: message.channel, ts: message.ts, threadTs: message.threadTs };
  return {
    container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: ephemeral, ...thread },
    channel: { id: conversation.id, name: conversation.kind === 'im' ? 'directmessage' : conversation.name },
    ...(ephemeral ? {} : { message: readMessage(workspace, message) }),
    state: { values: viewState(message.body, click.values ?? {}).state['values'] },
    response_url: `${workspace.origin()}${workspace.responseUrls.issue(target)}`,
    actions: [actionOf(click, pick(message.body['blocks'], click))],
  };
}

function viewClick(workspace: Workspace, person: LocalPerson, click: Click, viewId: string): Json {
  const home = workspace.database.prepare('select view from homes where user = ?').get(person.id);
  const published = home === undefined ? undefined : (JSON.parse(String(home['view'])) as Json);
  const open = workspace.views.find(viewId);
  const view = published?.['id'] === viewId ? published : open?.user === person.id ? open.body : undefined;
  if (view === undefined) throw new PersonRefusal('That view is closed.', 404);
  const state = viewState(view, click.values ?? {}).state;
  return {
    container: { type: 'view', view_id: viewId },
    view: { ...view, state },
    actions: [actionOf(click, pick(view['blocks'], click))],
  };
}

/** Sends a click (or choice) to the app and waits for its acknowledgement. Refuses what is not on the current message or view. */
export async function act(workspace: Workspace, click: Click): Promise<Json> {
  const person = actingPerson(workspace, click.user);
  const place = click.view_id === undefined ? messageClick(workspace, person, click) : viewClick(workspace, person, click, click.view_id);
  const payload = { type: 'block_actions', ...interactionBase(workspace, person), ...place };
  acknowledged(workspace, await workspace.transport.deliver('interactive', payload));
  return { ok: true };
}
