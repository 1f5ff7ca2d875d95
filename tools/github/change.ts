import { z } from 'zod';
import { NotFound, OutputMalformed } from '../errors.ts';
import { countsOf } from '../git/checks.ts';
import { branchOf } from '../git/grammar.ts';
import { revertBranch } from '../git/lines.ts';
import { hashIn } from '../git/planned.ts';
import { type Asking, changeOf, proposals } from '../git/proposals.ts';
import { ChangeState, stateOf } from '../git/standing.ts';
import { parseJson } from '../json.ts';
import { type Forge, type ForgeRequest, type HttpCommand, read, type SiteFacts } from '../operation.ts';
import { dataOf } from './answer.ts';
import { changeTimeoutMs, gh, ghTimeoutMs, githubAt, graphql, RepositoryName } from './gh.ts';
import { checkedOf } from './pulls.ts';

const query = `query Change($owner: String!, $name: String!, $base: String!, $branch: String!, $head: String!, $revert: String!, $into: String!) {
  repository(owner: $owner, name: $name) {
    base: ref(qualifiedName: $base) { target { oid } }
    branch: ref(qualifiedName: $branch) { target { oid } }
    asked: pullRequests(headRefName: $head, baseRefName: $into, first: 5, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes {
        id number url state isDraft isCrossRepository headRefOid mergeable reviewDecision
        mergeCommit { oid }
        first: commits(first: 1) { nodes { commit { message } } }
        last: commits(last: 1) {
          nodes {
            commit {
              statusCheckRollup {
                contexts(first: 100) {
                  nodes {
                    __typename
                    ... on CheckRun { name status conclusion detailsUrl }
                    ... on StatusContext { context state targetUrl }
                  }
                }
              }
            }
          }
        }
      }
    }
    reverted: pullRequests(headRefName: $revert, baseRefName: $into, first: 5, orderBy: {field: CREATED_AT, direction: DESC}) {
      nodes { number url state isCrossRepository }
    }
  }
}`;

const Oid = z.object({ target: z.object({ oid: z.string() }).nullable() }).nullable();
const State = z.string().transform((state) => z.enum(['open', 'merged', 'closed']).parse(state.toLowerCase()));

const Asked = z.object({
  ...{ id: z.string(), number: z.number().int(), url: z.string(), state: State, isDraft: z.boolean(), isCrossRepository: z.boolean() },
  ...{ headRefOid: z.string(), mergeable: z.string(), reviewDecision: z.string().nullable() },
  mergeCommit: z.object({ oid: z.string() }).nullable(),
  first: z.object({ nodes: z.array(z.object({ commit: z.object({ message: z.string() }) })) }),
  last: z.object({
    nodes: z.array(
      z.object({
        commit: z.object({
          statusCheckRollup: z.object({ contexts: z.object({ nodes: z.array(z.record(z.string(), z.string().nullable())) }) }).nullable(),
        }),
      }),
    ),
  }),
});

const Reverted = z.object({ number: z.number().int(), url: z.string(), state: State, isCrossRepository: z.boolean() });
const Found = z.object({
  repository: z
    .object({ base: Oid, branch: Oid, asked: z.object({ nodes: z.array(Asked) }), reverted: z.object({ nodes: z.array(Reverted) }) })
    .nullable(),
});

/** A branch of that name in a fork is somebody else's. */
function own<T extends { readonly isCrossRepository: boolean }>(nodes: readonly T[]): T | null {
  return nodes.find(({ isCrossRepository }) => !isCrossRepository) ?? null;
}

function requestOf(asked: z.infer<typeof Asked> | null): ChangeState['request'] {
  if (asked === null) return null;
  const { id, number, url, state, mergeable } = asked;
  const checks = countsOf(checkedOf((asked.last.nodes[0]?.commit.statusCheckRollup?.contexts.nodes ?? []) as never[]));
  return {
    ...{ id, number, url, state, mergeable, draft: asked.isDraft, head: asked.headRefOid, review: asked.reviewDecision ?? '' },
    ...{ mergeCommit: asked.mergeCommit?.oid ?? null, change: hashIn(asked.first.nodes[0]?.commit.message ?? ''), checks },
    green: checks.failing === 0 && checks.pending === 0,
  };
}

const ref = (branch: string) => `refs/heads/${branch}`;

const StateInput = changeOf(RepositoryName);

export function changeStateRequest({ repository, base, ...step }: z.infer<typeof StateInput>, site: SiteFacts): HttpCommand {
  const head = branchOf(step);
  return graphql(site, repository, query, { base: ref(base), branch: ref(head), head, revert: revertBranch(head), into: base });
}

export const changeState = read({
  name: 'github.change_state',
  summary: 'Where a change that was proposed as a pull request stands: its checks, its merge, and whether it was taken back',
  input: StateInput,
  output: ChangeState,
  command: changeStateRequest,
  parse: ({ stdout }) => {
    const { repository } = dataOf(Found, stdout);
    if (repository === null) throw new NotFound('there is no such repository, or it may not be seen');
    const { base, branch, asked, reverted } = repository;
    const revert = own(reverted.nodes);
    return stateOf({
      baseCommit: base?.target?.oid ?? null,
      branchCommit: branch?.target?.oid ?? null,
      request: requestOf(own(asked.nodes)),
      revert: revert === null ? null : { number: revert.number, url: revert.url, state: revert.state },
    });
  },
  timeoutMs: ghTimeoutMs,
  permissions: ['Pull requests: read', 'Contents: read', 'Checks: read', 'Commit statuses: read', 'Metadata: read'],
});

const ListedRequest = z.object({ number: z.number().int(), url: z.string(), state: State, isCrossRepository: z.boolean() });

function found(stdout: string): ForgeRequest | null {
  const one = own(parseJson(z.array(ListedRequest), stdout));
  return one === null ? null : { number: String(one.number), url: one.url, state: one.state };
}

function opened(stdout: string): ForgeRequest {
  const [url, number] = /https:\/\/\S+\/pull\/(\d+)/.exec(stdout) ?? [];
  if (url === undefined || number === undefined) throw new OutputMalformed('gh did not say which pull request it opened');
  return { number, url, state: 'open' };
}

function calls(site: SiteFacts, repository: string, { base, head, title, description, merge }: Asking): Forge {
  return {
    open: gh(site, repository, ['pr', 'create', `--head=${head}`, `--base=${base}`, `--title=${title}`, '--body-file=-'], description),
    opened: ({ stdout }) => opened(stdout),
    merge: merge
      ? (number, commit) => gh(site, repository, ['pr', 'merge', number, '--squash', '--auto', `--match-head-commit=${commit}`])
      : null,
    find: (branch) =>
      gh(site, repository, [
        ...['pr', 'list', `--head=${branch}`, `--base=${base}`, '--state=all', '--limit=5', '--json=number,url,state,isCrossRepository'],
      ]),
    found: ({ stdout }) => found(stdout),
    close: (number) => gh(site, repository, ['pr', 'close', number]),
  };
}

export const { change, changeAndMerge, withdraw } = proposals({
  system: 'github',
  repository: RepositoryName,
  request: 'pull request',
  permissions: ['Contents: read and write', 'Pull requests: read and write', 'Metadata: read'],
  timeoutMs: changeTimeoutMs,
  at: (site, repository) => {
    const { host, author, mergeReverts } = githubAt(site, repository);
    return { remote: `https://${host}/${repository}.git`, author, mergeReverts };
  },
  calls,
});
