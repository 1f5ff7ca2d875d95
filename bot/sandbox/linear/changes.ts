import { randomUUID } from 'node:crypto';
import type { HistoryEntry, Issue, IssueChange, LinearActor } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

function attribution(actor: LinearActor): Pick<HistoryEntry, 'actorId' | 'botActor'> {
  if (actor.kind === 'user') return { actorId: actor.user.id, botActor: null };
  if (actor.kind === 'nobody') return { actorId: null, botActor: null };
  return { actorId: null, botActor: { id: actor.id, type: actor.service, name: actor.service } };
}

const some = (ids: readonly string[]) => (ids.length === 0 ? null : ids);

function recordLabels(workspace: LinearWorkspace, before: Issue, after: Issue, actor: LinearActor): void {
  const entry: HistoryEntry = {
    id: randomUUID(),
    issueId: after.id,
    createdAt: after.updatedAt,
    ...attribution(actor),
    addedLabelIds: some(after.labelIds.filter((id) => !before.labelIds.includes(id))),
    removedLabelIds: some(before.labelIds.filter((id) => !after.labelIds.includes(id))),
  };
  workspace.documents.put('history', entry.id, after.id, entry);
}

const watched = ['title', 'description', 'stateId', 'priority'] as const;

function sameLabels(a: Issue, b: Issue): boolean {
  return a.labelIds.length === b.labelIds.length && a.labelIds.every((id) => b.labelIds.includes(id));
}

/** Keeps the new issue; answers what a webhook tells of it. */
export function recordCreated(workspace: LinearWorkspace, issue: Issue, actor: LinearActor): IssueChange {
  workspace.documents.put('issue', issue.id, null, issue);
  return { action: 'create', issue, updatedFrom: null, actor };
}

/** Keeps the changed issue, and its labels' history; null when nothing changed. */
export function recordUpdated(workspace: LinearWorkspace, before: Issue, after: Issue, actor: LinearActor): IssueChange | null {
  const changed = watched.filter((field) => before[field] !== after[field]);
  const relabelled = !sameLabels(before, after);
  if (changed.length === 0 && !relabelled) return null;
  workspace.documents.put('issue', after.id, null, after);
  if (relabelled) recordLabels(workspace, before, after, actor);
  const updatedFrom = {
    updatedAt: before.updatedAt,
    ...Object.fromEntries(changed.map((field) => [field, before[field]])),
    ...(relabelled ? { labelIds: before.labelIds } : {}),
  };
  return { action: 'update', issue: after, updatedFrom, actor };
}
