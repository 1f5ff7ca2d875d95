import { randomBytes } from 'node:crypto';
import { SlackRefusal } from './errors.ts';
import { slackId } from './events.ts';
import { withBlockIds } from './posting.ts';
import type { Json } from './types.ts';

/** A view that somebody has on screen, or somebody's Home. */
export interface OpenView {
  readonly user: string;
  readonly body: Json;
}

/** Modals are a stack per person and are gone with the process, as they are with a closed browser. */
export interface ViewStore {
  open(user: string, view: Json): Json;
  /** On top of the person's modal; refuses with `push_limit_reached` beyond three. */
  push(user: string, view: Json): Json;
  /** Refuses with `not_found`, or `hash_conflict` when `hash` is given and old. */
  update(which: { id?: string | undefined; externalId?: string | undefined }, view: Json, hash?: string): OpenView;
  find(id: string): OpenView | undefined;
  /** The view that the person sees. */
  top(user: string): Json | undefined;
  /** Closes one view, or all of the person's; answers those that were closed. */
  close(user: string, id: string, all: boolean): readonly Json[];
}

function text(view: Json, key: string): string {
  return typeof view[key] === 'string' ? view[key] : '';
}

function newHash(): string {
  return `${Math.floor(Date.now() / 1000)}.${randomBytes(6).toString('base64url')}`;
}

/** Fills in what Slack adds to a view. */
export function completeView(
  view: Json,
  workspace: { teamId: string; appId: string; botId: string },
  ids: { id: string; root: string; previous: string | null },
): Json {
  const blocks = Array.isArray(view['blocks']) ? (view['blocks'] as Json[]) : [];
  return {
    id: ids.id,
    team_id: workspace.teamId,
    app_id: workspace.appId,
    app_installed_team_id: workspace.teamId,
    bot_id: workspace.botId,
    title: null,
    submit: null,
    close: null,
    ...view,
    blocks: withBlockIds(blocks),
    private_metadata: text(view, 'private_metadata'),
    callback_id: text(view, 'callback_id'),
    external_id: text(view, 'external_id'),
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
    hash: newHash(),
    state: { values: {} },
    root_view_id: ids.root,
    previous_view_id: ids.previous,
  };
}

export function createViewStore(workspace: { teamId: string; appId: string; botId: string }): ViewStore {
  const stacks = new Map<string, Json[]>();
  const everything = () => [...stacks].flatMap(([user, stack]) => stack.map((body): OpenView => ({ user, body })));

  function checkExternalId(view: Json, exceptId?: string): void {
    const externalId = text(view, 'external_id');
    if (externalId === '') return;
    if (everything().some(({ body }) => body['external_id'] === externalId && body['id'] !== exceptId))
      throw new SlackRefusal('duplicate_external_id');
  }

  function add(user: string, view: Json, stack: Json[]): Json {
    checkExternalId(view);
    const id = slackId('V');
    const body = completeView(view, workspace, {
      id,
      root: String(stack[0]?.['id'] ?? id),
      previous: stack.length > 0 ? String(stack.at(-1)?.['id']) : null,
    });
    stacks.set(user, [...stack, body]);
    return body;
  }

  return {
    open: (user, view) => {
      stacks.delete(user);
      return add(user, view, []);
    },
    push: (user, view) => {
      const stack = stacks.get(user) ?? [];
      if (stack.length === 0) throw new SlackRefusal('not_found');
      if (stack.length >= 3) throw new SlackRefusal('push_limit_reached');
      return add(user, view, stack);
    },
    update: ({ id, externalId }, view, hash) => {
      const found = everything().find(({ body }) => (id === undefined ? body['external_id'] === externalId : body['id'] === id));
      if (found === undefined) throw new SlackRefusal('not_found');
      if (hash !== undefined && hash !== found.body['hash']) throw new SlackRefusal('hash_conflict');
      checkExternalId(view, String(found.body['id']));
      const previous = found.body['previous_view_id'];
      const ids = {
        id: String(found.body['id']),
        root: String(found.body['root_view_id']),
        previous: typeof previous === 'string' ? previous : null,
      };
      const body = completeView(view, workspace, ids);
      const stack = stacks.get(found.user) ?? [];
      stacks.set(
        found.user,
        stack.map((entry) => (entry['id'] === ids.id ? body : entry)),
      );
      return { user: found.user, body };
    },
    find: (id) => everything().find(({ body }) => body['id'] === id),
    top: (user) => stacks.get(user)?.at(-1),
    close: (user, id, all) => {
      const stack = stacks.get(user) ?? [];
      const from = all ? 0 : stack.findIndex((view) => view['id'] === id);
      if (from < 0) return [];
      stacks.set(user, stack.slice(0, from));
      return stack.slice(from);
    },
  };
}
