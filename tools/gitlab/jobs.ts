import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { endOf, endOfLog, Log } from '../git/history.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { read, write } from '../operation.ts';
import { learned } from '../slots.ts';
import { gitlabTimeoutMs, Id, Project, projectApi, requests, slots } from './api.ts';
import { isRetryable, Job } from './pipeline.ts';
import { readProject, runPipelines } from './rights.ts';

const OneJob = Project.extend({ job: Id });

const JobState = z.object({
  ...{ job: z.number().int(), name: z.string(), stage: z.string(), status: z.string(), pipeline: z.number().int() },
  ...{ branch: z.string(), commit: z.string().nullable(), failureReason: z.string().nullable(), url: z.string() },
  ...{ createdAt: z.string(), startedAt: z.string().nullable(), finishedAt: z.string().nullable() },
  /** It failed or was stopped: it may run again. */
  retryable: z.boolean(),
  /** The job of that name that counts in its pipeline now: another one once it runs again. */
  newest: z.number().int(),
});
type JobState = z.infer<typeof JobState>;

const Answer = z.object({ job: Job, jobs: z.array(Job) });

export const jobGet = read({
  name: 'gitlab.job_get',
  summary: 'One job of a pipeline, why it failed, and whether it has run again since',
  input: OneJob,
  output: JobState,
  command: ({ repository, job }, site) => {
    const api = projectApi(site, repository);
    return requests([
      { name: 'job', command: api.get(`/jobs/${job}`) },
      {
        ...{ name: 'jobs', command: api.get(`/pipelines/${slots.pipeline}/jobs`, { per_page: 100 }) },
        fill: (answers) => ({ pipeline: String(learned(Job, answers, 'job').pipeline.id) }),
      },
    ]);
  },
  parse: ({ stdout }) => {
    const { job, jobs } = parseJson(Answer, stdout);
    const same = jobs.filter(({ name }) => name === job.name).map(({ id }) => id);
    return {
      ...{ job: job.id, name: job.name, stage: job.stage, status: job.status, pipeline: job.pipeline.id, branch: job.ref },
      ...{ commit: job.commit?.id ?? null, failureReason: job.failure_reason ?? null, url: job.web_url },
      ...{ createdAt: job.created_at, startedAt: job.started_at ?? null, finishedAt: job.finished_at ?? null },
      ...{ retryable: isRetryable(job.status), newest: Math.max(job.id, ...same) },
    };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

/** Without colours, marks of sections, and what a line said before it was written over. */
function plain(log: string): string {
  return stripVTControlCharacters(log)
    .replace(/section_(start|end):\d+:[^\r\n]*/g, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').replace(/^.*\r/, ''))
    .join('\n');
}

export const jobLogs = read({
  name: 'gitlab.job_logs',
  summary: 'The last lines that a job printed',
  input: OneJob.extend({ tail: z.int().min(1).max(2000).default(300) }),
  output: Log,
  // It is text, whatever is asked for.
  command: ({ repository, job }, site) => ({ ...projectApi(site, repository).get(`/jobs/${job}/trace`), headers: { accept: '*/*' } }),
  parse: ({ stdout }, { tail }) => endOf(plain(stdout), tail),
  cut: endOfLog,
  keeps: 'end',
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

function jobStateOf({ repository, job }: z.infer<typeof OneJob>): OperationCall {
  return { operation: 'gitlab.job_get', input: { repository, job } };
}

const newer = ({ newest }: JobState) => [{ pointer: '/newest', op: 'gt' as const, value: newest }];

export const jobRetry = write({
  name: 'gitlab.job_retry',
  tier: 'low',
  summary: 'Run one job again that failed or was stopped',
  input: OneJob,
  output: Message,
  command: ({ repository, job }, site) => projectApi(site, repository).send('POST', `/jobs/${job}/retry`),
  noDryRunReason: 'the API of GitLab has no dry run of a retry',
  parse: ({ stdout }) => {
    const { status, web_url } = parseJson(Job, stdout);
    return { message: `${web_url}: ${status}` };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: runPipelines,
  state: jobStateOf,
  stateOutput: JobState,
  preconditions: ({ job }) => [
    { pointer: '/retryable', op: 'eq', value: true },
    { pointer: '/newest', op: 'eq', value: job },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: (_input, before) => newer(before),
  verification: (input, before) => [
    { title: `Job ${input.job} runs again`, ...jobStateOf(input), expect: newer(before), withinSeconds: 60, stableSeconds: 0 },
  ],
  irreversibleReason: 'what a job does when it runs again is its own; a deployment is undone by its own rollback',
});
