import { card, page } from '../peer/page.ts';
import type { LinearWorkspace } from './workspace.ts';

/** What arrived, newest issue first. */
export function view(workspace: LinearWorkspace): string {
  const labels = new Map(workspace.labels().map((label) => [label.id, label.name]));
  const states = new Map(workspace.states.map((state) => [state.id, state.name]));
  const cards = workspace
    .issues()
    .toReversed()
    .map((issue) => {
      const tags = [states.get(issue.stateId) ?? '', ...issue.labelIds.map((id) => labels.get(id) ?? id)];
      const entries = [
        ...workspace.attachments(issue).map((one) => ({ at: 'Link', text: `${one.title} ${one.url}` })),
        ...workspace.comments(issue).map((one) => ({ at: one.createdAt, text: one.body })),
      ];
      return card(`${workspace.identifier(issue)} ${issue.title}`, tags, issue.description ?? '', entries);
    });
  return page(
    'Local Linear: a stand-in',
    'Issues and comments as Linear would hold them. Nothing here leaves this machine.',
    cards.join('') || '<p>Nothing has arrived yet.</p>',
  );
}
