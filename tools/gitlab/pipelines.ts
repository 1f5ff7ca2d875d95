import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { Branch, CommitId } from '../git/grammar.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { read, write } from '../operation.ts';
import { gitlabTimeoutMs, Id, Project, projectApi, requests } from './api.ts';
import { isRetryable, Job, Pipeline, PipelineSummary, summaryOf } from './pipeline.ts';
import { readProject, runPipelines } from './rights.ts';

export const pipelineList = read({
  name: 'gitlab.pipeline_list',
  summary: 'Pipelines of a project, of a branch, of a commit or of a merge request, newest first',
  input: Project.extend({
    /** Of a merge request; else of what the others say. */
    number: z.int().positive().max(1_000_000_000).optional(),
    branch: Branch.optional(),
    commit: CommitId.optional(),
    status: argument(40)
      .regex(/^[a-z_]+$/, 'must be a status of pipelines')
      .optional(),
    limit: z.int().min(1).max(100).default(20),
  }).refine(
    ({ number, branch, commit, status }) => number === undefined || (branch ?? commit ?? status) === undefined,
    'those of a merge request are not told by branch, commit or status',
  ),
  output: z.object({ pipelines: z.array(PipelineSummary) }),
  command: ({ repository, number, branch, commit, status, limit }, site) => {
    const api = projectApi(site, repository);
    if (number !== undefined) return api.get(`/merge_requests/${number}/pipelines`, { per_page: limit });
    return api.get('/pipelines', { ref: branch, sha: commit, status, order_by: 'id', sort: 'desc', per_page: limit });
  },
  parse: ({ stdout }) => ({ pipelines: parseJson(z.array(Pipeline), stdout).map(summaryOf) }),
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

const OnePipeline = Project.extend({ pipeline: Id });

/** Jobs told of one pipeline. */
const mostJobs = 100;

export const PipelineState = PipelineSummary.extend({
  by: z.string().nullable(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** It failed or was stopped: it may run again. */
  retryable: z.boolean(),
  /** Grows whenever a job of it runs again; null: it has none. */
  newestJob: z.number().int().nullable(),
  jobs: z.array(
    z.object({
      ...{ job: z.number().int(), name: z.string(), stage: z.string(), status: z.string(), url: z.string() },
      ...{ allowFailure: z.boolean(), failureReason: z.string().nullable() },
    }),
  ),
  /** There may be more jobs than are told. */
  more: z.boolean(),
});
export type PipelineState = z.infer<typeof PipelineState>;

const Answer = z.object({
  pipeline: Pipeline.extend({
    user: z.object({ username: z.string() }).nullish(),
    started_at: z.string().nullish(),
    finished_at: z.string().nullish(),
  }),
  jobs: z.array(Job),
});

export const pipelineGet = read({
  name: 'gitlab.pipeline_get',
  summary: 'One pipeline with its jobs, and why those failed that did',
  input: OnePipeline,
  output: PipelineState,
  command: ({ repository, pipeline }, site) => {
    const api = projectApi(site, repository);
    return requests([
      { name: 'pipeline', command: api.get(`/pipelines/${pipeline}`) },
      { name: 'jobs', command: api.get(`/pipelines/${pipeline}/jobs`, { per_page: mostJobs }) },
    ]);
  },
  parse: ({ stdout }) => {
    const { pipeline, jobs } = parseJson(Answer, stdout);
    return {
      ...{ ...summaryOf(pipeline), by: pipeline.user?.username ?? null },
      ...{ startedAt: pipeline.started_at ?? null, finishedAt: pipeline.finished_at ?? null },
      ...{ retryable: isRetryable(pipeline.status), more: jobs.length === mostJobs },
      newestJob: jobs.length === 0 ? null : Math.max(...jobs.map(({ id }) => id)),
      jobs: jobs.map(({ id: job, name, stage, status, web_url: url, allow_failure, failure_reason }) => ({
        ...{ job, name, stage, status, url, allowFailure: allow_failure, failureReason: failure_reason ?? null },
      })),
    };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

function pipelineStateOf({ repository, pipeline }: z.infer<typeof OnePipeline>): OperationCall {
  return { operation: 'gitlab.pipeline_get', input: { repository, pipeline } };
}

const newer = ({ newestJob }: PipelineState) => [{ pointer: '/newestJob', op: 'gt' as const, value: newestJob ?? 0 }];

export const pipelineRetry = write({
  name: 'gitlab.pipeline_retry',
  tier: 'low',
  summary: 'Run the jobs of a pipeline again that failed or were stopped',
  input: OnePipeline,
  output: Message,
  command: ({ repository, pipeline }, site) => projectApi(site, repository).send('POST', `/pipelines/${pipeline}/retry`),
  noDryRunReason: 'the API of GitLab has no dry run of a retry',
  parse: ({ stdout }) => {
    const { status, web_url } = parseJson(Pipeline, stdout);
    return { message: `${web_url}: ${status}` };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: runPipelines,
  state: pipelineStateOf,
  stateOutput: PipelineState,
  preconditions: (_input, { newestJob, commit }) => [
    { pointer: '/retryable', op: 'eq', value: true },
    { pointer: '/newestJob', op: 'eq', value: newestJob },
    { pointer: '/commit', op: 'eq', value: commit },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: (_input, before) => newer(before),
  verification: (input, before) => [
    {
      title: `Pipeline ${input.pipeline} began anew`,
      ...pipelineStateOf(input),
      expect: newer(before),
      withinSeconds: 60,
      stableSeconds: 0,
    },
  ],
  irreversibleReason: 'what a pipeline does when it runs again is its own; a deployment among it is undone by its own rollback',
});
