import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { Branch } from '../git/grammar.ts';
import { endOf, endOfLog, Log } from '../git/history.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { read, write } from '../operation.ts';
import { gh, ghTimeoutMs, Repository } from './gh.ts';

const readActions = ['Actions: read', 'Metadata: read'];

const Run = Repository.extend({ run: z.int().positive().max(Number.MAX_SAFE_INTEGER) });

const Common = z.object({
  databaseId: z.number().int(),
  workflowName: z.string(),
  displayTitle: z.string().default(''),
  event: z.string(),
  headBranch: z.string(),
  headSha: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  url: z.string(),
});

const common = 'databaseId,workflowName,displayTitle,event,headBranch,headSha,status,conclusion,createdAt,updatedAt,url';

const RunSummary = z.object({
  ...{ run: z.number().int(), workflow: z.string(), title: z.string(), event: z.string(), branch: z.string(), commit: z.string() },
  ...{ status: z.string(), conclusion: z.string().nullable(), createdAt: z.string(), updatedAt: z.string(), url: z.string() },
});

function summaryOf({ databaseId, workflowName, displayTitle, headBranch, headSha, conclusion, ...rest }: z.infer<typeof Common>) {
  const names = { run: databaseId, workflow: workflowName, title: displayTitle, branch: headBranch, commit: headSha };
  return { ...rest, ...names, conclusion: conclusion || null };
}

export const runList = read({
  name: 'github.run_list',
  summary: 'Workflow runs of a repository, newest first',
  input: Repository.extend({
    branch: Branch.optional(),
    workflow: argument(200)
      .regex(/^[A-Za-z0-9._ -]+$/, 'must be the name or the file of a workflow')
      .optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  output: z.object({ runs: z.array(RunSummary) }),
  command: ({ repository, branch, workflow, limit }, site) =>
    gh(site, repository, [
      ...['run', 'list', `--limit=${limit}`],
      ...(branch === undefined ? [] : [`--branch=${branch}`]),
      ...(workflow === undefined ? [] : [`--workflow=${workflow}`]),
      `--json=${common}`,
    ]),
  parse: ({ stdout }) => ({ runs: parseJson(z.array(Common), stdout).map(summaryOf) }),
  timeoutMs: ghTimeoutMs,
  permissions: readActions,
});

const Step = z.object({ name: z.string(), conclusion: z.string().nullish() });

const Job = z.object({
  databaseId: z.number().int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  url: z.string(),
  steps: z.array(Step).nullish(),
});

export const RunState = RunSummary.extend({
  /** Of the newest attempt. */
  startedAt: z.string(),
  jobs: z.array(
    z.object({
      ...{ job: z.number().int(), name: z.string(), status: z.string(), conclusion: z.string().nullable(), url: z.string() },
      failedSteps: z.array(z.string()),
    }),
  ),
});
export type RunState = z.infer<typeof RunState>;

export const runGet = read({
  name: 'github.run_get',
  summary: 'One workflow run with its jobs, and the steps that failed',
  input: Run,
  output: RunState,
  command: ({ repository, run }, site) => gh(site, repository, ['run', 'view', `${run}`, `--json=${common},startedAt,jobs`]),
  parse: ({ stdout }) => {
    const { jobs, startedAt, ...rest } = parseJson(Common.extend({ startedAt: z.string(), jobs: z.array(Job) }), stdout);
    return {
      ...summaryOf(rest),
      startedAt,
      jobs: jobs.slice(0, 100).map(({ databaseId: job, steps, conclusion, ...one }) => ({
        ...{ ...one, job, conclusion: conclusion || null },
        failedSteps: (steps ?? []).filter((step) => step.conclusion === 'failure').map(({ name }) => name),
      })),
    };
  },
  timeoutMs: ghTimeoutMs,
  permissions: readActions,
});

export const runLogs = read({
  name: 'github.run_logs',
  summary: 'The last lines that a workflow run printed, of the steps that failed or of all',
  input: Run.extend({ failedOnly: z.boolean().default(true), tail: z.int().min(1).max(2000).default(300) }),
  output: Log,
  command: ({ repository, run, failedOnly }, site) =>
    gh(site, repository, ['run', 'view', `${run}`, failedOnly ? '--log-failed' : '--log']),
  parse: ({ stdout }, { tail }) => endOf(stdout, tail),
  cut: endOfLog,
  keeps: 'end',
  timeoutMs: ghTimeoutMs,
  permissions: readActions,
});

function runStateOf({ repository, run }: z.infer<typeof Run>): OperationCall {
  return { operation: 'github.run_get', input: { repository, run } };
}

export const rerun = write({
  name: 'github.rerun',
  tier: 'low',
  summary: 'Run a workflow run again, or only the jobs of it that failed',
  input: Run.extend({ failedOnly: z.boolean().default(true) }),
  output: Message,
  command: ({ repository, run, failedOnly }, site) => gh(site, repository, ['run', 'rerun', `${run}`, ...(failedOnly ? ['--failed'] : [])]),
  noDryRunReason: 'gh run rerun has no dry run',
  parse: (result) => ({ message: parseMessage(result).message || 'requested' }),
  cut: cutMessage,
  timeoutMs: ghTimeoutMs,
  permissions: ['Actions: read and write', 'Metadata: read'],
  state: runStateOf,
  stateOutput: RunState,
  preconditions: (_input, { startedAt, commit }) => [
    { pointer: '/status', op: 'eq', value: 'completed' },
    { pointer: '/startedAt', op: 'eq', value: startedAt },
    { pointer: '/commit', op: 'eq', value: commit },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: (_input, { startedAt }) => [{ pointer: '/startedAt', op: 'ne', value: startedAt }],
  verification: (input, { startedAt }) => [
    {
      title: `Run ${input.run} began anew`,
      ...runStateOf(input),
      expect: [{ pointer: '/startedAt', op: 'ne', value: startedAt }],
      withinSeconds: 60,
      stableSeconds: 0,
    },
  ],
  irreversibleReason: 'what a run does when it runs again is its own; a deployment among it is undone by its own rollback',
});
