import { type ListArgs, listed, type Presenter } from './present.ts';
import { invalidInput } from './refusal.ts';
import type { AgentActivity, Document } from './types.ts';
import type { LinearWorkspace } from './workspace.ts';

/** Root values of `Query`. */
export function queries(workspace: LinearWorkspace, present: Presenter): Record<string, unknown> {
  return {
    users: ({ includeDisabled, ...args }: ListArgs & { includeDisabled?: boolean | null }) =>
      listed(
        workspace.users().filter(({ active }) => active || includeDisabled === true),
        args,
      ),
    viewer: () => workspace.viewer,
    documents: (args: ListArgs) => listed(workspace.documents.list<Document>('document'), args),
    agentActivities: (args: ListArgs) => listed(workspace.documents.list<AgentActivity>('agent_activity'), args),
    teams: (args: ListArgs) => listed([present.team()], args),
    workflowStates: (args: ListArgs) => listed(workspace.states.map(present.state), args),
    webhooks: (args: ListArgs) => listed(workspace.documents.list<object>('webhook'), args),
    issueLabels: (args: ListArgs) => listed(workspace.labels().map(present.label), args),
    issues: (args: ListArgs & { sort?: readonly { createdAt?: { order?: string } }[] | null }) => {
      const issues = workspace.issues();
      const newestFirst = args.sort?.[0]?.createdAt?.order !== 'Ascending';
      return listed((newestFirst ? issues.toReversed() : issues).map(present.issue), args);
    },
    issue: (args: { id: string }) => present.issue(workspace.issue(args.id)),
    comments: (args: ListArgs) => listed(workspace.issues().flatMap(workspace.comments).toReversed().map(present.comment), args),
    comment: (args: { id?: string | null }) => {
      if (args.id === null || args.id === undefined) throw invalidInput('Argument Validation Error - id or hash must be given.');
      return present.comment(workspace.comment(args.id));
    },
  };
}
