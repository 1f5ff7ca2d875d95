import { missing, optionalText, requiredText } from '../arguments.ts';
import { spell } from '../blocks/problems.ts';
import { validateView } from '../blocks/validate.ts';
import { SlackRefusal } from '../errors.ts';
import { slackId } from '../events.ts';
import { findPerson } from '../people.ts';
import type { Json } from '../types.ts';
import { completeView } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import type { MethodTable } from './method.ts';

/** A view, checked. Refuses with `invalid_arguments` and every reason. */
export function checkedView(workspace: Workspace, view: unknown, type: 'modal' | 'home'): Json {
  const problems = validateView(view, workspace.unsupported.blocks);
  if (problems.length > 0) throw new SlackRefusal('invalid_arguments', problems.map(spell));
  const checked = view as Json;
  if (checked['type'] !== type) throw new SlackRefusal('invalid_arguments', [`[ERROR] must be one of: ${type} [json-pointer:/view/type]`]);
  return checked;
}

function publish(workspace: Workspace, args: Json): Json {
  const person = findPerson(workspace, requiredText(args, 'user_id'));
  if (person === undefined) throw new SlackRefusal('invalid_arguments', ['[ERROR] user not found [json-pointer:/user_id]']);
  const view = checkedView(workspace, args['view'], 'home');
  const before = workspace.database.prepare('select view from homes where user = ?').get(person.id);
  const old = before === undefined ? undefined : (JSON.parse(String(before['view'])) as Json);
  const hash = optionalText(args, 'hash');
  if (hash !== undefined && old !== undefined && old['hash'] !== hash) throw new SlackRefusal('hash_conflict');
  const id = String(old?.['id'] ?? slackId('V'));
  const body = completeView(
    view,
    { teamId: workspace.team.id, appId: workspace.app.id, botId: workspace.app.botId },
    { id, root: id, previous: null },
  );
  workspace.database
    .prepare('insert into homes values (?, ?) on conflict (user) do update set view = excluded.view')
    .run(person.id, JSON.stringify(body));
  workspace.feed.publish({ type: 'home_published', user: person.id });
  return { view: body };
}

export const views: MethodTable = {
  'views.open': (workspace, args) => {
    const view = checkedView(workspace, args['view'], 'modal');
    const user = workspace.triggers.redeem(requiredText(args, 'trigger_id'));
    const body = workspace.views.open(user, view);
    workspace.feed.publish({ type: 'view_opened', user, view: body });
    return { view: body };
  },
  'views.push': (workspace, args) => {
    const view = checkedView(workspace, args['view'], 'modal');
    const user = workspace.triggers.redeem(requiredText(args, 'trigger_id'));
    const body = workspace.views.push(user, view);
    workspace.feed.publish({ type: 'view_opened', user, view: body });
    return { view: body };
  },
  'views.update': (workspace, args) => {
    const view = checkedView(workspace, args['view'], 'modal');
    const id = optionalText(args, 'view_id');
    const externalId = optionalText(args, 'external_id');
    if (id === undefined && externalId === undefined) throw missing('view_id');
    const updated = workspace.views.update({ id, externalId }, view, optionalText(args, 'hash'));
    workspace.feed.publish({ type: 'view_updated', user: updated.user, view: updated.body });
    return { view: updated.body };
  },
  'views.publish': publish,
};
