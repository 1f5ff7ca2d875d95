import { z } from 'zod';
import { escapeHtml } from '../../web/html.ts';
import { card, page } from '../peer/page.ts';
import { activitiesOf, statusOf } from './agents.ts';
import type { AgentActivity, AgentSession, Document, Issue, User } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

const voteLabels = ['assistant:approved', 'assistant:rejected'];

/** Links to the same page as seen by each member. */
function people(members: readonly User[], as: User | null): string {
  const links = members.map(({ displayName, name }) =>
    displayName === as?.displayName
      ? `<strong>${escapeHtml(name)}</strong>`
      : `<a href="/?as=${encodeURIComponent(displayName)}">${escapeHtml(name)}</a>`,
  );
  const who = `<p>${as === null ? 'To set labels or ask the assistant, be' : 'You are'} ${links.join(' · ')}</p>`;
  if (as === null) return who;
  const user = `<input type="hidden" name="user" value="${escapeHtml(as.displayName)}">`;
  return `${who}<form method="post" action="/ui/issues">${user}<label>Title <input name="title" required></label> <button>File an issue</button></form>`;
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

function sessionsOf(workspace: LinearWorkspace, issue: Issue): readonly AgentSession[] {
  return workspace.documents.list<AgentSession>('agent_session', issue.id);
}

function said({ content, signal, createdAt }: AgentActivity): { at: string; text: string } {
  const words = content.type === 'action' ? [content.action, content.parameter, content.result ?? ''].join(' ') : content.body;
  return { at: `${createdAt} ${content.type}${signal === null ? '' : ` (${signal})`}`, text: words };
}

const Plan = z.array(z.object({ content: z.string(), status: z.string() })).catch([]);

/** How a session of the app stands, with its plan. */
function standing(workspace: LinearWorkspace, session: AgentSession): { at: string; text: string } {
  const steps = Plan.parse(session.plan).map(({ content, status }) => `\n- ${status}: ${content}`);
  return { at: session.createdAt, text: `Agent session, ${statusOf(activitiesOf(workspace, session.id))}${steps.join('')}` };
}

/** To mention the app, and to stop the session that is under way. */
function hands(workspace: LinearWorkspace, issue: Issue, as: User): string {
  const user = `<input type="hidden" name="user" value="${escapeHtml(as.displayName)}">`;
  const id = encodeURIComponent(issue.id);
  const mention = `<form method="post" action="/ui/issues/${id}/sessions">${user}<input name="words" value="@watchkeeper please look" aria-label="Comment"> <button>Mention the assistant</button></form>`;
  const [session] = sessionsOf(workspace, issue).toReversed();
  if (session === undefined) return mention;
  const stop = `<form method="post" action="/ui/sessions/${encodeURIComponent(session.id)}/prompts">${user}<button name="stop" value="yes">Stop the assistant</button></form>`;
  return mention + stop;
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
        ...workspace.documents
          .list<Document>('document', issue.id)
          .map((one) => ({ at: 'Document', text: `${one.title}\n${one.content}` })),
        ...workspace.comments(issue).map((one) => ({ at: one.createdAt, text: one.body })),
        ...sessionsOf(workspace, issue).flatMap((session) => [
          standing(workspace, session),
          ...activitiesOf(workspace, session.id).map(said),
        ]),
      ];
      const actions = person === null ? '' : buttons(workspace, issue, person) + hands(workspace, issue, person);
      return card(`${workspace.identifier(issue)} ${issue.title}`, tags, issue.description ?? '', entries, actions);
    });
  return page(
    'Local Linear: a stand-in',
    'Issues and comments as Linear would hold them. Nothing here leaves this machine.',
    (members.length === 0 ? '' : people(members, person)) + (cards.join('') || '<p>Nothing has arrived yet.</p>'),
  );
}
