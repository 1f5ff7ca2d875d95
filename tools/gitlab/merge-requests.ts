import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { Checks, checksOf } from '../git/checks.ts';
import { Branch } from '../git/grammar.ts';
import { parseJson } from '../json.ts';
import { type CommandResult, read } from '../operation.ts';
import { gitlabTimeoutMs, Numbered, Project, projectApi, requests, slots } from './api.ts';
import { Discussions, unresolvedIn } from './discussions.ts';
import * as one from './merge-request.ts';
import { readProject } from './rights.ts';

const Request = z.object({
  ...{ number: z.number().int(), title: z.string(), state: z.enum(['open', 'merged', 'closed']), author: z.string().nullable() },
  ...{ head: z.string(), base: z.string(), draft: z.boolean(), createdAt: z.string(), mergedAt: z.string().nullable(), url: z.string() },
});

function requestOf(listed: one.ListedRequest): z.infer<typeof Request> {
  const { iid: number, title, draft, source_branch: head, target_branch: base, web_url: url } = listed;
  const times = { createdAt: listed.created_at, mergedAt: listed.merged_at };
  return { number, title, draft, head, base, url, ...times, state: one.stateOf(listed.state), author: listed.author?.username ?? null };
}

export const mrList = read({
  name: 'gitlab.mr_list',
  summary: 'Merge requests of a project, newest first',
  input: Project.extend({
    state: z.enum(['open', 'closed', 'merged', 'all']).default('open'),
    base: Branch.optional(),
    head: Branch.optional(),
    limit: z.int().min(1).max(100).default(30),
  }),
  output: z.object({ requests: z.array(Request) }),
  command: ({ repository, state, base, head, limit }, site) =>
    projectApi(site, repository).get('/merge_requests', {
      ...{ state: state === 'open' ? 'opened' : state, target_branch: base, source_branch: head },
      ...{ order_by: 'created_at', sort: 'desc', per_page: limit },
    }),
  parse: ({ stdout }) => ({ requests: parseJson(z.array(one.ListedRequest), stdout).map(requestOf) }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

/** Where one merge request stands. */
export const RequestState = Request.omit({ createdAt: true, mergedAt: true }).extend({
  id: z.string(),
  headCommit: z.string(),
  mergeCommit: z.string().nullable(),
  /** `MERGEABLE`, `CONFLICTING` or `UNKNOWN`. */
  mergeable: z.string(),
  /** `CHANGES_REQUESTED`, `REVIEW_REQUIRED`; empty: none is asked for. */
  review: z.string(),
  /** GitLab's own word for what speaks against merging it now; `mergeable`: nothing does. */
  mergeStatus: z.string(),
  approvedBy: z.array(z.string()),
  /** Null: the project asks for none, or its plan does not know them. */
  approvalsLeft: z.number().int().nullable(),
  /** Threads among the newest 100 that nobody resolved. */
  unresolved: z.number().int(),
  pipeline: z.number().int().nullable(),
  checks: Checks,
  files: z.number().int(),
});
export type RequestState = z.infer<typeof RequestState>;

const Answer = z.object({
  request: one.OneMergeRequest,
  approvals: one.Approvals.nullable(),
  discussions: Discussions,
  jobs: one.Jobs.nullable(),
});

/** Some plans and projects have none. */
const noApprovals = ({ stdout }: CommandResult) => /40[34] /.test(stdout);

export const mrGet = read({
  name: 'gitlab.mr_get',
  summary: 'Where a merge request stands: state, head, approvals, discussions, checks, and whether it can be merged',
  input: Numbered,
  output: RequestState,
  command: ({ repository, number }, site) => {
    const api = projectApi(site, repository);
    const at = `/merge_requests/${number}`;
    return requests([
      { name: 'request', command: one.settled(api, number) },
      { name: 'approvals', command: api.get(`${at}/approvals`), accepts: noApprovals },
      { name: 'discussions', command: api.get(`${at}/discussions`, { per_page: 100 }) },
      {
        ...{ name: 'jobs', when: 'where it has a pipeline', fill: one.pipelineIn },
        command: api.get(`/pipelines/${slots.pipeline}/jobs`, { per_page: 100 }),
      },
    ]);
  },
  parse: ({ stdout }) => {
    const { request, approvals, discussions, jobs } = parseJson(Answer, stdout);
    const status = request.detailed_merge_status;
    const { createdAt: _created, mergedAt: _merged, ...listed } = requestOf(request);
    return {
      ...{ ...listed, id: String(request.id), headCommit: request.sha ?? '', mergeCommit: one.mergeCommitOf(request) },
      ...{ mergeable: one.mergeableOf(status), review: one.reviewOf(status), mergeStatus: status },
      approvedBy: (approvals?.approved_by ?? []).flatMap(({ user }) => (user == null ? [] : [user.username])).slice(0, 50),
      approvalsLeft: approvals?.approvals_left ?? null,
      ...{ unresolved: unresolvedIn(discussions), pipeline: request.head_pipeline?.id ?? null },
      checks: checksOf(one.checkedOf(request.head_pipeline ?? null, jobs)),
      files: Number.parseInt(request.changes_count ?? '0', 10) || 0,
    };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

/** The state operation of writes to a merge request. */
export function requestStateOf({ repository, number }: z.infer<typeof Numbered>): OperationCall {
  return { operation: 'gitlab.mr_get', input: { repository, number } };
}
