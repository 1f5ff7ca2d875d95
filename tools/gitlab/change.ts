import { z } from 'zod';
import { countsOf } from '../git/checks.ts';
import { branchOf } from '../git/grammar.ts';
import { revertBranch } from '../git/lines.ts';
import { hashIn } from '../git/planned.ts';
import { type Asking, changeOf, proposals } from '../git/proposals.ts';
import { ChangeState, stateOf } from '../git/standing.ts';
import { parseJson } from '../json.ts';
import { type Answers, type CommandResult, type Forge, type ForgeRequest, read, type SiteFacts } from '../operation.ts';
import { learned } from '../slots.ts';
import { changeTimeoutMs, gitlabAt, gitlabTimeoutMs, ProjectPath, part, projectApi, requests, slots } from './api.ts';
import * as one from './merge-request.ts';
import { changeProject, readProject } from './rights.ts';

const listed = (answers: Answers) => one.own(learned(z.array(one.ListedRequest), answers, 'asked'));

const numberIn = (answers: Answers) => {
  const request = listed(answers);
  return request === null ? null : { number: String(request.iid) };
};

const Ref = z.object({ commit: z.object({ id: z.string() }) }).nullable();
const noBranch = ({ stdout }: CommandResult) => stdout.includes('404 Branch Not Found');
const asked = 'where it was asked for';

const Answer = z.object({
  base: Ref,
  branch: Ref,
  request: one.OneMergeRequest.nullable(),
  commits: z.array(z.object({ message: z.string() })).nullable(),
  jobs: one.Jobs.nullable(),
  reverted: z.array(one.ListedRequest),
});
type Answer = z.infer<typeof Answer>;

function requestIn({ request, commits, jobs }: Answer): ChangeState['request'] {
  if (request === null) return null;
  const status = request.detailed_merge_status;
  const checks = countsOf(one.checkedOf(request.head_pipeline ?? null, jobs));
  return {
    ...{ id: String(request.id), number: request.iid, url: request.web_url, state: one.stateOf(request.state), draft: request.draft },
    ...{ head: request.sha ?? '', mergeable: one.mergeableOf(status), review: one.reviewOf(status), checks },
    // Without a commit of its own it was merged as the commits that it holds. The oldest comes last.
    ...{ mergeCommit: one.mergeCommitOf(request) ?? (request.state === 'merged' ? request.sha : null) },
    ...{ change: hashIn(commits?.at(-1)?.message ?? '') },
    green: checks.failing === 0 && checks.pending === 0,
  };
}

export const changeState = read({
  name: 'gitlab.change_state',
  summary: 'Where a change that was proposed as a merge request stands: its checks, its merge, and whether it was taken back',
  input: changeOf(ProjectPath),
  output: ChangeState,
  command: ({ repository, base, ...step }, site) => {
    const api = projectApi(site, repository);
    const head = branchOf(step);
    const own = `/merge_requests/${slots.number}`;
    return requests([
      { name: 'base', command: api.get(`/repository/branches/${part(base)}`), accepts: noBranch },
      { name: 'branch', command: api.get(`/repository/branches/${part(head)}`), accepts: noBranch },
      { name: 'asked', command: one.requestsOf(api, head, base) },
      { name: 'request', when: asked, command: api.get(own), fill: numberIn },
      { name: 'commits', when: asked, command: api.get(`${own}/commits`, { per_page: 100 }), fill: numberIn },
      {
        ...{ name: 'jobs', when: 'where it has a pipeline', fill: one.pipelineIn },
        command: api.get(`/pipelines/${slots.pipeline}/jobs`, { per_page: 100 }),
      },
      { name: 'reverted', command: one.requestsOf(api, revertBranch(head), base) },
    ]);
  },
  parse: ({ stdout }) => {
    const answer = parseJson(Answer, stdout);
    const revert = one.own(answer.reverted);
    return stateOf({
      baseCommit: answer.base?.commit.id ?? null,
      branchCommit: answer.branch?.commit.id ?? null,
      request: requestIn(answer),
      revert: revert === null ? null : { number: revert.iid, url: revert.web_url, state: one.stateOf(revert.state) },
    });
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

function forgeRequest({ iid, web_url: url, state }: one.ListedRequest): ForgeRequest {
  return { number: String(iid), url, state: one.stateOf(state) };
}

function found(stdout: string): ForgeRequest | null {
  const request = one.own(parseJson(z.array(one.ListedRequest), stdout));
  return request === null ? null : forgeRequest(request);
}

function calls(site: SiteFacts, repository: string, { base, head, title, description, merge }: Asking): Forge {
  const api = projectApi(site, repository);
  return {
    open: api.send('POST', '/merge_requests', { source_branch: head, target_branch: base, title, description }),
    opened: ({ stdout }) => forgeRequest(parseJson(one.ListedRequest, stdout)),
    ready: (number) => one.settled(api, number),
    // Without `squash`, as the project has it: it is one commit.
    merge: merge ? (number, sha) => api.send('PUT', `/merge_requests/${part(number)}/merge`, { sha, auto_merge: true }) : null,
    find: (branch) => one.requestsOf(api, branch, base),
    found: ({ stdout }) => found(stdout),
    close: (number) => api.send('PUT', `/merge_requests/${part(number)}`, { state_event: 'close' }),
  };
}

export const { change, changeAndMerge, withdraw } = proposals({
  system: 'gitlab',
  repository: ProjectPath,
  request: 'merge request',
  permissions: changeProject,
  timeoutMs: changeTimeoutMs,
  at: (site, repository) => {
    const { url, author, mergeReverts } = gitlabAt(site, repository);
    return { remote: `${url.replace(/\/$/, '')}/${repository}.git`, author, mergeReverts };
  },
  calls,
});
