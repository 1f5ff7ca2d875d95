import { connection, satisfies } from './filter.ts';
import type { ListArgs, Presenter } from './present.ts';
import { invalidInput } from './refusal.ts';
import type { LinearWorkspace } from './workspace.ts';

function list(all: readonly object[], args: ListArgs): object {
  return connection(
    all.filter((one) => satisfies(one, args.filter)),
    args,
  );
}

/** Root values of `Query`. */
export function queries(workspace: LinearWorkspace, present: Presenter): Record<string, unknown> {
  return {
    viewer: () => workspace.viewer,
    teams: (args: ListArgs) => list([present.team()], args),
    workflowStates: (args: ListArgs) => list(workspace.states.map(present.state), args),
    issueLabels: (args: ListArgs) => list(workspace.labels().map(present.label), args),
    issues: (args: ListArgs & { sort?: readonly { createdAt?: { order?: string } }[] | null }) => {
      const issues = workspace.issues();
      const newestFirst = args.sort?.[0]?.createdAt?.order !== 'Ascending';
      return list((newestFirst ? issues.toReversed() : issues).map(present.issue), args);
    },
    issue: (args: { id: string }) => present.issue(workspace.issue(args.id)),
    comments: (args: ListArgs) => list(workspace.issues().flatMap(workspace.comments).toReversed().map(present.comment), args),
    comment: (args: { id?: string | null }) => {
      if (args.id === null || args.id === undefined) throw invalidInput('Argument Validation Error - id or hash must be given.');
      return present.comment(workspace.comment(args.id));
    },
  };
}
