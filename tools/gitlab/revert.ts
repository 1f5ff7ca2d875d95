import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { Branch, CommitId } from '../git/grammar.ts';
import { revertDescription, reverting } from '../git/merging.ts';
import { argument } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { Message } from '../message.ts';
import { type Answers, type CommandResult, type HttpCommand, read, write } from '../operation.ts';
import { learned } from '../slots.ts';
import { gitlabTimeoutMs, Numbered, part, projectApi, requests } from './api.ts';
import * as one from './merge-request.ts';
import { comparing, isReverted } from './reverted.ts';
import { changeProject, readProject } from './rights.ts';

/** Branch of ours that takes back one commit. */
const ours = (commit: string) => `watchkeeper/revert-${commit.slice(0, 12)}`;

/** Branch that GitLab makes when people press its button. */
const theirs = (commit: string) => `revert-${commit.slice(0, 8)}`;

const RevertState = z.object({
  id: z.string(),
  merged: z.boolean(),
  /** The branch that it was merged into. */
  base: z.string(),
  /** The one commit by which it came there; null: it was merged as commits of its own, and is taken back by hand. */
  commit: z.string().nullable(),
  files: z.number().int(),
  /** The newest that takes it back and was not closed; null: there is none. */
  revert: z.object({ number: z.number().int(), url: z.string(), state: z.string() }).nullable(),
});

const Reverts = z.array(one.ListedRequest).nullable();
const Answer = z.object({ request: one.OneMergeRequest, ours: Reverts, theirs: Reverts });

function branchesIn(answers: Answers): Readonly<Record<string, string>> | null {
  const commit = one.mergeCommitOf(learned(one.OneMergeRequest, answers, 'request'));
  return commit === null ? null : { ours: ours(commit), theirs: theirs(commit) };
}

export const revertState = read({
  name: 'gitlab.revert_state',
  summary: 'Whether a merge request was merged, and whether another takes it back',
  input: Numbered,
  output: RevertState,
  command: ({ repository, number }, site) => {
    const api = projectApi(site, repository);
    const common = { state: 'all', order_by: 'created_at', sort: 'desc', per_page: 5 };
    const asked = { when: 'where one commit merged it', fill: branchesIn };
    return requests([
      { name: 'request', command: api.get(`/merge_requests/${number}`) },
      { name: 'ours', ...asked, command: api.get('/merge_requests', { source_branch: '<ours>', ...common }) },
      { name: 'theirs', ...asked, command: api.get('/merge_requests', { source_branch: '<theirs>', ...common }) },
    ]);
  },
  parse: ({ stdout }) => {
    const { request, ...reverts } = parseJson(Answer, stdout);
    const all = [...(reverts.ours ?? []), ...(reverts.theirs ?? [])];
    const revert = one.own(all.filter(({ state }) => state !== 'closed'));
    return {
      ...{ id: String(request.id), merged: request.state === 'merged', base: request.target_branch, commit: one.mergeCommitOf(request) },
      files: Number.parseInt(request.changes_count ?? '0', 10) || 0,
      revert: revert === null ? null : { number: revert.iid, url: revert.web_url, state: one.stateOf(revert.state) },
    };
  },
  timeoutMs: gitlabTimeoutMs,
  permissions: readProject,
});

function stateOf({ repository, number }: z.infer<typeof Numbered>): OperationCall {
  return { operation: 'gitlab.revert_state', input: { repository, number } };
}

const isThere = ({ stdout }: CommandResult) => /Branch already exists/.test(stdout);

const Input = Numbered.extend({
  /** As gitlab.revert_state tells them. */
  commit: CommitId,
  base: Branch,
  reason: argument(500),
});

const Opened = z.object({ opened: one.ListedRequest });

/** A branch, a commit on it by GitLab itself, a request: what an attempt before has made is used, and nothing else that is there. */
export const revert = write({
  name: 'gitlab.revert',
  tier: 'medium',
  summary: 'Open a merge request that takes back one that was merged',
  input: Input,
  output: Message,
  command: ({ repository, number, commit, base, reason }, site) => {
    const api = projectApi(site, repository);
    const branch = ours(commit);
    const content = { source_branch: branch, target_branch: base, title: `Revert !${number}` };
    return requests([
      {
        ...{ name: 'branch', command: api.send('POST', '/repository/branches', { branch, ref: base }), accepts: isThere },
        undo: api.send('DELETE', `/repository/branches/${part(branch)}`),
      },
      ...comparing(api, { branch, base, commit }),
      {
        ...{
          name: 'reverted',
          when: 'where it is not reverted there',
          fill: (answers) => (isReverted(answers, { branch, base, commit }) ? null : {}),
        },
        command: api.send('POST', `/repository/commits/${commit}/revert`, { branch }),
      },
      {
        name: 'opened',
        command: api.send('POST', '/merge_requests', { ...content, description: revertDescription(`!${number}`, reason) }),
      },
    ]);
  },
  dryRun: ({ repository, commit, base }, site) =>
    projectApi(site, repository).send('POST', `/repository/commits/${commit}/revert`, { branch: base, dry_run: true }),
  parse: ({ stdout }) => ({ message: parseJson(Opened, stdout).opened.web_url }),
  timeoutMs: gitlabTimeoutMs,
  permissions: changeProject,
  state: stateOf,
  stateOutput: RevertState,
  preconditions: ({ commit, base }) => [
    { pointer: '/merged', op: 'eq', value: true },
    { pointer: '/commit', op: 'eq', value: commit },
    { pointer: '/base', op: 'eq', value: base },
    { pointer: '/revert', op: 'eq', value: null },
  ],
  impact: (_input, { files }) => ({ targets: files, replicas: 0, percent: 0 }),
  probe: reverting.probe,
  verification: (input) => reverting.verification(`A merge request takes back ${input.number}`, stateOf(input)),
  irreversibleReason: 'it changes nothing by itself: people merge or close the merge request that it opens',
});

/** Of a revert GitLab has a dry run: it says whether it would conflict, and commits nothing. */
export function isRevertDryRun({ method, path, body = '' }: HttpCommand): boolean {
  return method === 'POST' && /\/repository\/commits\/[0-9a-f]{40}\/revert$/.test(path) && /"dry_run":true\}$/.test(body);
}
