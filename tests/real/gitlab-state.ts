import type { Git } from './forge.ts';

export interface Note {
  readonly by: string;
  readonly text: string;
  /** Null: it cannot be. */
  resolved: boolean | null;
}

export interface Job {
  readonly id: number;
  readonly name: string;
  readonly pipeline: number;
  readonly log: string;
  readonly mayFail: boolean;
  status: string;
  retried: boolean;
}

export interface Pipeline {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly source: string;
}

export interface MergeRequest {
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly base: string;
  readonly head: string;
  readonly fork: boolean;
  readonly notes: Note[];
  /** Answers that still say that GitLab is looking whether it can be merged. */
  checking: number;
  state: 'opened' | 'closed' | 'merged';
  /** Kept when its branch goes. */
  sha: string;
  commits: readonly string[];
  mergeCommit: string | null;
  squashCommit: string | null;
  autoMerge: boolean;
  pipeline: number | null;
  approvedBy: string[];
}

/** One project with what the stand-in knows of it beside its Git. */
export interface Project {
  readonly path: string;
  readonly git: Git;
  readonly requests: MergeRequest[];
  readonly pipelines: Pipeline[];
  readonly jobs: Job[];
  /** Jobs of pipelines that begin from now on: a pipeline begins when a request is opened, unless there are none. */
  newJobs: readonly Pick<Job, 'name' | 'log'>[];
  /** Approvals that a request needs. */
  approvals: number;
  /** Only whom the branch lets, merges into it. */
  mayMerge: boolean;
}

export const quiet = (answer: Promise<string>): Promise<string | null> => answer.catch(() => null);

export function latestOf({ jobs }: Project, pipeline: number): readonly Job[] {
  return jobs.filter((job) => job.pipeline === pipeline && !job.retried).toReversed();
}

/** Of a pipeline, by its jobs. */
export function statusOf(project: Project, pipeline: number): string {
  const states = latestOf(project, pipeline).map(({ status, mayFail }) => (mayFail && status === 'failed' ? 'success' : status));
  return ['running', 'pending', 'failed', 'canceled'].find((one) => states.includes(one)) ?? 'success';
}

export async function headOf({ git }: Project, request: MergeRequest): Promise<string> {
  const tip =
    request.state === 'opened' && !request.fork
      ? await quiet(git(['rev-parse', '--verify', '--quiet', `refs/heads/${request.head}`]))
      : null;
  if (tip !== null) {
    const list = await git(['log', '--format=%H', `refs/heads/${request.base}..${tip}`]);
    Object.assign(request, { sha: tip, commits: list.split('\n').filter(Boolean) });
  }
  return request.sha;
}

/** What speaks against merging it, in the words of the published list of `detailed_merge_status`. */
export async function mergeStatusOf(project: Project, request: MergeRequest): Promise<string> {
  if (request.state !== 'opened') return 'not_open';
  if (request.checking > 0) return 'checking';
  if (/^draft:/i.test(request.title)) return 'draft_status';
  const tree = request.fork
    ? ''
    : await quiet(project.git(['merge-tree', '--write-tree', `refs/heads/${request.base}`, await headOf(project, request)]));
  if (tree === null) return 'conflict';
  if (request.approvedBy.length < project.approvals) return 'not_approved';
  const status = request.pipeline === null ? 'success' : statusOf(project, request.pipeline);
  if (status === 'running' || status === 'pending') return 'ci_still_running';
  return status === 'success' ? 'mergeable' : 'ci_must_pass';
}
