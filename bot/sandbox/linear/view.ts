import { escapeHtml } from '../../web/html.ts';
import { card, page } from '../peer/page.ts';
import type { Issue, User } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

const voteLabels = ['assistant:approved', 'assistant:rejected'];

/** Links to the same page as seen by each member. */
function people(members: readonly User[], as: User | null): string {
  const links = members.map(({ displayName, name }) =>
    displayName === as?.displayName
      ? `<strong>${escapeHtml(name)}</strong>`
      : `<a href="/?as=${encodeURIComponent(displayName)}">${escapeHtml(name)}</a>`,
  );
  return `<p>${as === null ? 'To set labels, be' : 'You are'} ${links.join(' · ')}</p>`;
}

/** A button for each vote label that the workspace has: to add it, or to take it off. */
function buttons(workspace: LinearWorkspace, issue: Issue, as: User): string {
  const known = workspace.labels().filter(({ name }) => voteLabels.includes(name));
  const each = known.map(({ id, name }) => {
    const [verb, words] = issue.labelIds.includes(id) ? ['remove', 'Remove'] : ['add', 'Add'];
    return `<button name="${verb}" value="${escapeHtml(name)}">${words} ${escapeHtml(name)}</button>`;
  });
  const user = `<input type="hidden" name="user" value="${escapeHtml(as.displayName)}">`;
  return `<form method="post" action="/ui/issues/${encodeURIComponent(issue.id)}/labels">${user}${each.join(' ')}</form>`;
}

/** What arrived, newest issue first, with the hands of the person whose handle is `as`. */
export function view(workspace: LinearWorkspace, as: string | null): string {
  const labels = new Map(workspace.labels().map((label) => [label.id, label.name]));
  const states = new Map(workspace.states.map((state) => [state.id, state.name]));
  const members = workspace.users().filter(({ isMe }) => !isMe);
  const person = members.find(({ displayName }) => displayName === as) ?? null;
  const cards = workspace
    .issues()
    .toReversed()
    .map((issue) => {
      const tags = [states.get(issue.stateId) ?? '', ...issue.labelIds.map((id) => labels.get(id) ?? id)];
      const entries = [
        ...workspace.attachments(issue).map((one) => ({ at: 'Link', text: `${one.title} ${one.url}` })),
        ...workspace.comments(issue).map((one) => ({ at: one.createdAt, text: one.body })),
      ];
      const actions = person === null ? '' : buttons(workspace, issue, person);
      return card(`${workspace.identifier(issue)} ${issue.title}`, tags, issue.description ?? '', entries, actions);
    });
  return page(
    'Local Linear: a stand-in',
    'Issues and comments as Linear would hold them. Nothing here leaves this machine.',
    (members.length === 0 ? '' : people(members, person)) + (cards.join('') || '<p>Nothing has arrived yet.</p>'),
  );
}
