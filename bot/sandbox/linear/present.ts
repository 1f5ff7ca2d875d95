import { connection, type Filter, satisfies } from './filter.ts';
import type { Comment, HistoryEntry, Issue, Label, Team, WorkflowState } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

/** Objects as the schema has them, with their references resolved. */
export interface Presenter {
  team(): object;
  state(state: WorkflowState): object;
  label(label: Label): object;
  issue(issue: Issue): object;
  comment(comment: Comment): object;
}

const priorities = ['No priority', 'Urgent', 'High', 'Medium', 'Low'];

export function createPresenter(workspace: LinearWorkspace): Presenter {
  const team = (): Team & { displayName: string; updatedAt: string; timezone: string } => ({
    ...workspace.team,
    displayName: workspace.team.name,
    updatedAt: workspace.team.createdAt,
    timezone: 'Etc/UTC',
  });
  const state = (kept: WorkflowState) => ({ ...kept, team: team() });
  const stateOf = (issue: Issue) => {
    const found = workspace.states.find((candidate) => candidate.id === issue.stateId);
    return found === undefined ? undefined : state(found);
  };
  const label = (kept: Label) => ({ ...kept, updatedAt: kept.createdAt, team: team(), creator: workspace.viewer });
  const labelsOf = (ids: readonly string[] | null) =>
    ids === null
      ? null
      : workspace
          .labels()
          .filter(({ id }) => ids.includes(id))
          .map(label);
  const entry = (kept: HistoryEntry) => ({
    ...kept,
    updatedAt: kept.createdAt,
    actor: workspace.users().find(({ id }) => id === kept.actorId) ?? null,
    addedLabels: labelsOf(kept.addedLabelIds),
    removedLabels: labelsOf(kept.removedLabelIds),
  });
  const issue = (kept: Issue): object => ({
    ...kept,
    identifier: workspace.identifier(kept),
    url: workspace.url(kept),
    branchName: workspace.identifier(kept).toLowerCase(),
    priorityLabel: priorities[kept.priority] ?? '',
    team: team(),
    state: stateOf(kept),
    creator: workspace.viewer,
    labels: (args: ListArgs) => listed(labelsOf(kept.labelIds) ?? [], args),
    history: (args: ListArgs) => listed(workspace.history(kept).toReversed().map(entry), args),
    comments: (args: ListArgs) => listed(workspace.comments(kept).toReversed().map(comment), args),
  });
  const comment = (kept: Comment) => ({
    ...kept,
    url: `${workspace.url(workspace.issue(kept.issueId))}-${kept.id}`,
    user: workspace.viewer,
    issue: issue(workspace.issue(kept.issueId)),
  });
  return {
    team,
    state,
    issue,
    label,
    comment,
  };
}

export interface ListArgs {
  readonly filter?: Filter | null;
  readonly first?: number | null;
  readonly after?: string | null;
}

/** A page of those that satisfy the filter. */
export function listed(all: readonly object[], args: ListArgs): object {
  return connection(
    all.filter((one) => satisfies(one, args.filter)),
    args,
  );
}
