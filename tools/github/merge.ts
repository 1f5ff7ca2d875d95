import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound, OutputMalformed } from '../errors.ts';
import { CommitId } from '../git/grammar.ts';
import { merging, revertDescription, reverting } from '../git/merging.ts';
import { argument } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { read, write } from '../operation.ts';
import { dataOf } from './answer.ts';
import { gh, ghTimeoutMs, graphql, Numbered } from './gh.ts';
import { diffLine } from './history.ts';
import { PullState, pullStateOf } from './pulls.ts';

export const merge = write({
  name: 'github.merge',
  tier: 'medium',
  summary: 'Merge a pull request whose head is the commit that was looked at, and whose checks have passed',
  input: Numbered.extend({ headCommit: CommitId, method: z.enum(['merge', 'squash', 'rebase']).default('squash') }),
  output: Message,
  command: ({ repository, number, headCommit, method }, site) =>
    gh(site, repository, ['pr', 'merge', `${number}`, `--${method}`, `--match-head-commit=${headCommit}`]),
  dryRun: ({ repository, number }, site) => diffLine(repository, number, site),
  parse: (result) => ({ message: parseMessage(result).message || 'merged' }),
  cut: cutMessage,
  timeoutMs: ghTimeoutMs,
  permissions: ['Contents: read and write', 'Pull requests: read and write', 'Checks: read', 'Commit statuses: read', 'Metadata: read'],
  state: pullStateOf,
  stateOutput: PullState,
  preconditions: (input, before) => [
    ...merging.preconditions(input, before),
    { pointer: '/mergeable', op: 'eq', value: 'MERGEABLE' },
    { pointer: '/review', op: 'ne', value: 'CHANGES_REQUESTED' },
    { pointer: '/review', op: 'ne', value: 'REVIEW_REQUIRED' },
  ],
  impact: merging.impact,
  probe: merging.probe,
  verification: (input) => merging.verification(`Pull request ${input.number} is merged`, pullStateOf(input)),
  irreversibleReason: 'what was merged is undone by another pull request: github.revert opens one',
});

const query = `query Revert($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id state url headRefName changedFiles }
    pullRequests(first: 50, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { number url state headRefName isCrossRepository }
    }
  }
}`;

const Found = z.object({
  repository: z
    .object({
      pullRequest: z
        .object({ id: z.string(), state: z.string(), url: z.string(), headRefName: z.string(), changedFiles: z.number().int() })
        .nullable(),
      pullRequests: z.object({
        nodes: z.array(
          z.object({
            ...{ number: z.number().int(), url: z.string(), state: z.string(), headRefName: z.string(), isCrossRepository: z.boolean() },
          }),
        ),
      }),
    })
    .nullable(),
});

const RevertState = z.object({
  id: z.string(),
  merged: z.boolean(),
  files: z.number().int(),
  /** The newest that takes it back and was not closed; null: there is none among the newest 50. */
  revert: z.object({ number: z.number().int(), url: z.string(), state: z.string() }).nullable(),
});

export const revertState = read({
  name: 'github.revert_state',
  summary: 'Whether a pull request was merged, and whether another takes it back',
  input: Numbered,
  output: RevertState,
  command: ({ repository, number }, site) => graphql(site, repository, query, { number }),
  parse: ({ stdout }, { number }) => {
    const { repository } = dataOf(Found, stdout);
    const pull = repository?.pullRequest ?? null;
    if (repository === null || pull === null) throw new NotFound(`there is no pull request ${number}`);
    // GitHub names the branch of a revert itself.
    const head = `revert-${number}-${pull.headRefName}`;
    const one = repository.pullRequests.nodes.find(
      ({ headRefName, isCrossRepository, state }) => headRefName === head && !isCrossRepository && state !== 'CLOSED',
    );
    const revert = one === undefined ? null : { number: one.number, url: one.url, state: one.state.toLowerCase() };
    return { id: pull.id, merged: pull.state === 'MERGED', files: pull.changedFiles, revert };
  },
  timeoutMs: ghTimeoutMs,
  permissions: ['Pull requests: read', 'Metadata: read'],
});

function stateOf({ repository, number }: z.infer<typeof Numbered>): OperationCall {
  return { operation: 'github.revert_state', input: { repository, number } };
}

const mutation = `mutation Revert($id: ID!, $title: String!, $body: String!) {
  revertPullRequest(input: {pullRequestId: $id, title: $title, body: $body}) { revertPullRequest { number url } }
}`;

const Answer = z.object({
  revertPullRequest: z.object({ revertPullRequest: z.object({ number: z.number().int(), url: z.string() }).nullable() }).nullable(),
});

const is = (pointer: string, value: string | boolean) => ({ pointer, op: 'eq' as const, value });

/** By the API: gh has had a command for it only since 2.83. */
export const revert = write({
  name: 'github.revert',
  tier: 'medium',
  summary: 'Open a pull request that takes back one that was merged',
  input: Numbered.extend({
    /** Its node id, as github.revert_state tells it. */
    id: argument(200).regex(/^[A-Za-z0-9_=-]+$/, 'must be the id of a pull request'),
    reason: argument(500),
  }),
  output: Message,
  command: ({ repository, number, id, reason }, site) =>
    graphql(site, repository, mutation, {
      id,
      title: `Revert #${number}`,
      body: revertDescription(`#${number}`, reason),
    }),
  noDryRunReason: 'GitHub has no dry run of a revert; the pull request that it opens shows it, and people merge that',
  parse: ({ stdout }) => {
    const made = dataOf(Answer, stdout).revertPullRequest?.revertPullRequest ?? null;
    if (made === null) throw new OutputMalformed('GitHub did not say which pull request it opened');
    return { message: made.url };
  },
  timeoutMs: ghTimeoutMs,
  permissions: ['Contents: read and write', 'Pull requests: read and write', 'Metadata: read'],
  state: stateOf,
  stateOutput: RevertState,
  preconditions: ({ id }) => [is('/id', id), is('/merged', true), { pointer: '/revert', op: 'eq', value: null }],
  impact: (_input, { files }) => ({ targets: files, replicas: 0, percent: 0 }),
  probe: reverting.probe,
  verification: (input) => reverting.verification(`A pull request takes back ${input.number}`, stateOf(input)),
  irreversibleReason: 'it changes nothing by itself: people merge or close the pull request that it opens',
});
