import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { NotFound, OutputMalformed } from '../errors.ts';
import { fileEdits, inverse } from '../git/edit.ts';
import { Branch, branchOf, Planned } from '../git/grammar.ts';
import { revertBranch } from '../git/lines.ts';
import { Change, descriptionOf, hashIn, messageOf, planned, present, untilThen, Waits } from '../git/planned.ts';
import { ChangeState, stateOf } from '../git/standing.ts';
import { parseJson } from '../json.ts';
import { type ForgeRequest, type GitCommand, read, type SiteFacts, write } from '../operation.ts';
import { dataOf } from './answer.ts';
import { changeTimeoutMs, gh, ghTimeoutMs, githubAt, graphql, RepositoryName } from './gh.ts';
import { checksOf } from './pulls.ts';

const query = `query Change($owner: String!, $name: String!, $base: String!, $branch: String!, $head: String!, $revert: String!) {
  repository(owner: $owner, name: $name) {
    base: ref(qualifiedName: $base) { target { oid } }
    branch: ref(qualifiedName: $branch) { target { oid } }
    asked: pullRequests(headRefName: $head, first: 5, orderBy: {field: CREATED_AT, direction: DESC}) {
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
    reverted: pullRequests(headRefName: $revert, first: 5, orderBy: {field: CREATED_AT, direction: DESC}) {
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
  const { list: _list, ...checks } = checksOf((asked.last.nodes[0]?.commit.statusCheckRollup?.contexts.nodes ?? []) as never[]);
  return {
    ...{ id, number, url, state, mergeable, draft: asked.isDraft, head: asked.headRefOid, review: asked.reviewDecision ?? '' },
    ...{ mergeCommit: asked.mergeCommit?.oid ?? null, change: hashIn(asked.first.nodes[0]?.commit.message ?? ''), checks },
    green: checks.failing === 0 && checks.pending === 0,
  };
}

const ref = (branch: string) => `refs/heads/${branch}`;

export const changeState = read({
  name: 'github.change_state',
  summary: 'Where a change that was proposed as a pull request stands: its checks, its merge, and whether it was taken back',
  input: Planned.extend({ repository: RepositoryName, base: Branch }),
  output: ChangeState,
  command: ({ repository, base, ...step }, site) => {
    const head = branchOf(step);
    return graphql(site, repository, query, { base: ref(base), branch: ref(head), head, revert: revertBranch(head) });
  },
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

const Input = Change.extend({ repository: RepositoryName });
type Input = z.infer<typeof Input>;

function stateCall({ repository, base, plan, step }: Pick<Input, 'repository' | 'base' | 'plan' | 'step'>): OperationCall {
  return { operation: 'github.change_state', input: { repository, base, plan, step } };
}

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

interface How {
  readonly what: GitCommand['what'];
  readonly merge: boolean;
}

function command(input: Input, site: SiteFacts, { what, merge }: How): GitCommand {
  const { repository, base, edits } = input;
  const { host, author } = githubAt(site, repository);
  const branch = branchOf(input);
  const back = what === 'withdraw';
  const title = back ? `Revert: ${input.title}`.slice(0, 120) : input.title;
  const description = descriptionOf(input, back ? 'Takes back what was merged.' : 'Proposed for an incident.');
  const head = back ? revertBranch(branch) : branch;
  return {
    ...{ kind: 'git', what, service: 'github', remote: `https://${host}/${repository}.git`, base, branch, author, description },
    edits: fileEdits(back ? edits.map(inverse).toReversed() : edits),
    message: messageOf(input, author, title),
    forge: {
      open: gh(site, repository, ['pr', 'create', `--head=${head}`, `--base=${base}`, `--title=${title}`, '--body-file=-'], description),
      opened: ({ stdout }) => opened(stdout),
      merge: merge
        ? (number, commit) => gh(site, repository, ['pr', 'merge', number, '--squash', '--auto', `--match-head-commit=${commit}`])
        : null,
      find: gh(site, repository, [
        'pr',
        'list',
        `--head=${branch}`,
        '--state=all',
        '--limit=5',
        '--json=number,url,state,isCrossRepository',
      ]),
      found: ({ stdout }) => found(stdout),
      close: (number) => gh(site, repository, ['pr', 'close', number]),
    },
  };
}

const Done = z.object({
  ...{ branch: z.string(), commit: z.string().nullable(), number: z.string().nullable(), url: z.string().nullable(), message: z.string() },
});

const permissions = ['Contents: read and write', 'Pull requests: read and write', 'Metadata: read'];

const common = {
  output: Done,
  parse: ({ stdout }: { stdout: string }) => parseJson(Done, stdout),
  timeoutMs: changeTimeoutMs,
  permissions,
  stateOutput: ChangeState,
  impact: ({ edits }: Input) => ({ targets: edits.length, replicas: 0, percent: 0 }),
};

const proposing = {
  ...common,
  planned,
  state: stateCall,
  preconditions: (_input: Input, before: ChangeState) => [
    { pointer: '/standing', op: 'eq' as const, value: 'none' },
    before.baseCommit === null
      ? { pointer: '/baseCommit', op: 'ne' as const, value: null }
      : { pointer: '/branchCommit', op: 'eq' as const, value: before.branchCommit },
  ],
  probe: present,
  dryRun: (input: Input, site: SiteFacts) => command(input, site, { what: 'preview', merge: false }),
  rollback: ({ repository, base, plan, step, title, edits, evidence }: Input) => ({
    operation: 'github.withdraw',
    input: { repository, base, plan, step, title, edits, evidence },
  }),
};

export const change = write({
  ...proposing,
  name: 'github.change',
  tier: 'low',
  summary: 'Propose a change of files as a pull request, which people merge',
  input: Input.extend(Waits),
  command: (input, site) => command(input, site, { what: 'propose', merge: false }),
  verification: (input) => untilThen(input, stateCall(input)),
});

export const changeAndMerge = write({
  ...proposing,
  name: 'github.change_and_merge',
  tier: 'medium',
  summary: 'Propose a change of files as a pull request, and have it merged once the rules of the repository allow it',
  input: Input.extend({ withinMinutes: Waits.withinMinutes }),
  command: (input, site) => command(input, site, { what: 'propose', merge: true }),
  verification: (input) => untilThen({ ...input, until: 'merged' }, stateCall(input)),
});

const undone = [{ pointer: '/undone', op: 'eq' as const, value: true }];

export const withdraw = write({
  ...common,
  name: 'github.withdraw',
  tier: 'medium',
  summary: 'Take back a proposed change: close its pull request, or revert by another what was merged',
  input: Input,
  planned: (input) => input,
  command: (input, site) => command(input, site, { what: 'withdraw', merge: githubAt(site, input.repository).mergeReverts }),
  noDryRunReason: 'what it does depends on whether people have merged the pull request by then',
  state: stateCall,
  preconditions: (input) => present(input),
  probe: () => undone,
  verification: (input) => [
    { title: 'The change is taken back', ...stateCall(input), expect: undone, withinSeconds: 900, stableSeconds: 0 },
  ],
  irreversibleReason: 'what was taken back is proposed anew by another plan',
});
