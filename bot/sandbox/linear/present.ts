import type { Filter } from './filter.ts';
import type { Comment, Issue, Label, Team, WorkflowState } from './types.ts';
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
  const issue = (kept: Issue) => ({
    ...kept,
    identifier: workspace.identifier(kept),
    url: workspace.url(kept),
    branchName: workspace.identifier(kept).toLowerCase(),
    priorityLabel: priorities[kept.priority] ?? '',
    team: team(),
    state: stateOf(kept),
    creator: workspace.viewer,
  });
  return {
    team,
    state,
    issue,
    label: (kept) => ({ ...kept, updatedAt: kept.createdAt, team: team(), creator: workspace.viewer }),
    comment: (kept) => ({
      ...kept,
      url: `${workspace.url(workspace.issue(kept.issueId))}-${kept.id}`,
      user: workspace.viewer,
      issue: issue(workspace.issue(kept.issueId)),
    }),
  };
}

export interface ListArgs {
  readonly filter?: Filter | null;
  readonly first?: number | null;
  readonly after?: string | null;
}
