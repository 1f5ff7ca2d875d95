import { z } from 'zod';
import type { Checked } from '../git/checks.ts';
import { parseJson } from '../json.ts';
import type { Answers, CommandResult, HttpCommand } from '../operation.ts';
import { learned } from '../slots.ts';
import type { ProjectApi } from './api.ts';
import { Job, outcomeOf, Pipeline } from './pipeline.ts';

/** `locked`: it is being merged. */
const State = z.enum(['opened', 'closed', 'merged', 'locked']);

const User = z.object({ username: z.string() });

/** A merge request as lists have it. */
export const ListedRequest = z.object({
  ...{ id: z.number().int(), iid: z.number().int(), title: z.string(), state: State, web_url: z.string(), draft: z.boolean() },
  ...{ author: User.nullable(), source_branch: z.string(), target_branch: z.string(), created_at: z.string() },
  ...{ merged_at: z.string().nullable(), source_project_id: z.number().int().nullable(), target_project_id: z.number().int() },
});
export type ListedRequest = z.infer<typeof ListedRequest>;

/** As it is answered by itself. */
export const OneMergeRequest = ListedRequest.extend({
  sha: z.string().nullable(),
  ...{ merge_commit_sha: z.string().nullable(), squash_commit_sha: z.string().nullable(), detailed_merge_status: z.string() },
  changes_count: z.string().nullish(),
  head_pipeline: Pipeline.nullish(),
});
export type OneMergeRequest = z.infer<typeof OneMergeRequest>;

export const Approvals = z.object({
  approvals_left: z.number().int().nullish(),
  approved_by: z.array(z.object({ user: User.nullish() })).nullish(),
});

export function stateOf(state: z.infer<typeof State>): 'open' | 'merged' | 'closed' {
  return state === 'opened' || state === 'locked' ? 'open' : state;
}

/** A branch of that name in a fork is somebody else's. */
export function own(requests: readonly ListedRequest[]): ListedRequest | null {
  return requests.find(({ source_project_id, target_project_id }) => source_project_id === target_project_id) ?? null;
}

const unknownYet = ['preparing', 'unchecked', 'checking', 'approvals_syncing'];

/** In the words that GitHub has for it, so that forges can be told alike: whether it conflicts with what it is merged into. */
export function mergeableOf(status: string): 'MERGEABLE' | 'CONFLICTING' | 'UNKNOWN' {
  if (unknownYet.includes(status)) return 'UNKNOWN';
  return ['conflict', 'broken_status'].includes(status) ? 'CONFLICTING' : 'MERGEABLE';
}

/** What is asked of reviewers; empty: nothing. */
export function reviewOf(status: string): 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | '' {
  if (status === 'requested_changes') return 'CHANGES_REQUESTED';
  return status === 'not_approved' ? 'REVIEW_REQUIRED' : '';
}

/** The commit by which it came into the other branch; null: none, or as its own commits. */
export function mergeCommitOf({
  merge_commit_sha,
  squash_commit_sha,
}: Pick<OneMergeRequest, 'merge_commit_sha' | 'squash_commit_sha'>): string | null {
  return merge_commit_sha ?? squash_commit_sha;
}

/** Its jobs, and its pipeline as a whole, which also fails by what is no job here: other pipelines, statuses from outside. */
export function checkedOf(pipeline: z.infer<typeof Pipeline> | null, jobs: readonly z.infer<typeof Job>[] | null): readonly Checked[] {
  if (pipeline === null) return [];
  const all = (jobs ?? []).map((job) => ({ name: job.name, outcome: outcomeOf(job.status, job.allow_failure), url: job.web_url }));
  return [...all, { name: 'pipeline', outcome: outcomeOf(pipeline.status, false), url: pipeline.web_url }];
}

/** One request; GitLab finds out anew whether it can be merged when it is asked, which takes it a moment. */
export function settled(api: ProjectApi, number: string | number): HttpCommand {
  const until = ({ stdout }: CommandResult) => {
    const { state, detailed_merge_status } = parseJson(OneMergeRequest, stdout);
    return state !== 'opened' || !unknownYet.includes(detailed_merge_status);
  };
  return { ...api.get(`/merge_requests/${encodeURIComponent(number)}`), until };
}

/** The pipeline of the request that was answered; null: it has none. */
export function pipelineIn(answers: Answers): Readonly<Record<string, string>> | null {
  const request = learned(OneMergeRequest.nullable(), answers, 'request');
  return request?.head_pipeline == null ? null : { pipeline: String(request.head_pipeline.id) };
}

export const Jobs = z.array(Job);

/** Requests of a branch, whatever became of them, the newest first; `into`: those only that are for it. */
export function requestsOf(api: ProjectApi, branch: string, into?: string): HttpCommand {
  return api.get('/merge_requests', {
    source_branch: branch,
    target_branch: into,
    state: 'all',
    order_by: 'created_at',
    sort: 'desc',
    per_page: 5,
  });
}
