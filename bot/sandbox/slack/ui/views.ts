import { PersonRefusal } from '../errors.ts';
import { checkedView } from '../methods/views.ts';
import type { Json, LocalPerson } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { type Values, viewState } from './inputs.ts';
import { acknowledged, actingPerson, interactionBase } from './person.ts';

export type Submitted =
  | { readonly outcome: 'closed' }
  /** By block id. */
  | { readonly outcome: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly outcome: 'updated' | 'pushed'; readonly view: Json };

function openView(workspace: Workspace, person: LocalPerson, id: string): Json {
  const view = workspace.views.top(person.id);
  if (view === undefined || view['id'] !== id) throw new PersonRefusal('That modal is not open.', 404);
  return view;
}

function close(workspace: Workspace, person: LocalPerson, id: string, all: boolean): Submitted {
  for (const view of workspace.views.close(person.id, id, all)) workspace.feed.publish({ type: 'view_closed', user: person.id, view });
  const below = workspace.views.top(person.id);
  if (below !== undefined) workspace.feed.publish({ type: 'view_updated', user: person.id, view: below });
  return { outcome: 'closed' };
}

function showErrors(view: Json, errors: unknown): Submitted {
  const given = Object.entries((errors ?? {}) as Record<string, unknown>).map(([block, message]): [string, string] => [
    block,
    String(message),
  ]);
  const inputs = (view['blocks'] as Json[]).filter((block) => block['type'] === 'input').map((block) => block['block_id']);
  // Slack shows errors beside inputs only and treats anything else as a failed answer.
  if (given.length === 0 || given.some(([block]) => !inputs.includes(block)))
    throw new PersonRefusal('The app answered with errors for fields that this form does not have.', 502);
  return { outcome: 'errors', errors: Object.fromEntries(given) };
}

function follow(workspace: Workspace, person: LocalPerson, view: Json, answer: Json): Submitted {
  const id = String(view['id']);
  switch (answer['response_action']) {
    case undefined:
      return close(workspace, person, id, false);
    case 'clear':
      return close(workspace, person, id, true);
    case 'errors':
      return showErrors(view, answer['errors']);
    case 'update': {
      const updated = workspace.views.update({ id }, checkedView(workspace, answer['view'], 'modal'));
      workspace.feed.publish({ type: 'view_updated', user: person.id, view: updated.body });
      return { outcome: 'updated', view: updated.body };
    }
    case 'push': {
      const pushed = workspace.views.push(person.id, checkedView(workspace, answer['view'], 'modal'));
      workspace.feed.publish({ type: 'view_opened', user: person.id, view: pushed });
      return { outcome: 'pushed', view: pushed };
    }
    default:
      throw new PersonRefusal(`The app answered with an unknown response_action: ${String(answer['response_action'])}.`, 502);
  }
}

/** Submits a person's modal and does what the app answers. `values` are texts (or lists of them) by block id and action id. */
export async function submitView(workspace: Workspace, user: string, id: string, values: Values): Promise<Submitted> {
  const person = actingPerson(workspace, user);
  const view = openView(workspace, person, id);
  const { state, errors } = viewState(view, values);
  if (Object.keys(errors).length > 0) return { outcome: 'errors', errors };
  const payload = { type: 'view_submission', ...interactionBase(workspace, person), view: { ...view, state }, response_urls: [] };
  return follow(workspace, person, view, acknowledged(workspace, await workspace.transport.deliver('interactive', payload)));
}

/** Closes a modal; the app hears of it where it asked to. */
export async function closeView(workspace: Workspace, user: string, id: string): Promise<Submitted> {
  const person = actingPerson(workspace, user);
  const view = openView(workspace, person, id);
  const closed = close(workspace, person, id, view['clear_on_close'] === true);
  if (view['notify_on_close'] !== true) return closed;
  const { trigger_id: _, ...base } = interactionBase(workspace, person);
  await workspace.transport.deliver('interactive', { type: 'view_closed', ...base, view, is_cleared: view['clear_on_close'] === true });
  return closed;
}
