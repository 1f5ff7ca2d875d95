import { buildSchema, GraphQLError, graphql } from 'graphql';
import { mergeBranches } from './forge.ts';
import type { Pull, Reply, Repository } from './github.ts';

function refuse(type: string, message: string): never {
  throw new GraphQLError(message, { extensions: { type } });
}

const none = '0'.repeat(40);

const idOf = (kind: string, key: string | number) => `${kind}_${Buffer.from(String(key)).toString('hex')}`;

/** Merges as GitHub does; `SQUASH` and `REBASE` make one commit of one parent. */
export async function mergeInto({ git }: Repository, pull: Pull, method: string): Promise<void> {
  pull.mergeCommit = await mergeBranches(git, pull, `${pull.title} (#${pull.number})`, method !== 'MERGE');
  pull.state = 'MERGED';
}

interface Node {
  readonly [name: string]: unknown;
}

const connection = (nodes: readonly unknown[], total = nodes.length): Node => ({
  totalCount: total,
  nodes,
  pageInfo: { hasNextPage: false, endCursor: null },
});

/** GraphQL, by the published schema: what it does not have is refused, and what is answered is of its types. */
export function createGraphql(source: string, repository: Repository, site: { readonly url: string }) {
  const schema = buildSchema(source, { assumeValid: true });
  const { git, pulls } = repository;

  async function refNode(name: string): Promise<Node | null> {
    const oid = await git(['rev-parse', '--verify', '--quiet', name]).catch(() => '');
    return oid === '' ? null : { id: idOf('REF', name), name: name.replace('refs/heads/', ''), target: { __typename: 'Commit', oid } };
  }

  /** Kept when its branch goes. */
  const headOf = ({ number, head }: Pull): Promise<string> =>
    git(['rev-parse', '--verify', '--quiet', `refs/heads/${head}`]).catch(() =>
      git(['rev-parse', '--verify', '--quiet', `refs/pull/${number}/head`]).catch(() => none),
    );

  async function commitsOf(pull: Pull): Promise<Node[]> {
    const oid = await headOf(pull);
    const contexts = pull.checks.map(({ name, status, conclusion }) => ({
      ...{
        __typename: 'CheckRun',
        name,
        status,
        conclusion,
        detailsUrl: `${site.url}/acme/shop/runs/1`,
        startedAt: null,
        completedAt: null,
      },
      checkSuite: { workflowRun: { workflow: { name: 'CI' } } },
    }));
    if (oid === none) return [];
    const message = await git(['log', '-1', '--format=%B', oid]);
    const statusCheckRollup = contexts.length === 0 ? null : { state: 'SUCCESS', contexts: connection(contexts) };
    return [{ commit: { oid, message, statusCheckRollup } }];
  }

  function mergeState({ checks, state }: Pull): string {
    if (state !== 'OPEN') return 'UNKNOWN';
    return checks.some(({ conclusion }) => conclusion !== 'SUCCESS') ? 'BLOCKED' : 'CLEAN';
  }

  function pullNode(pull: Pull): Node {
    const { number, title, body, base, head, state, createdAt, fork, mergeCommit } = pull;
    return {
      ...{
        __typename: 'PullRequest',
        id: idOf('PR', number),
        number,
        title,
        body,
        state,
        createdAt,
        isDraft: false,
        isCrossRepository: fork,
      },
      ...{
        url: `${site.url}/acme/shop/pull/${number}`,
        baseRefName: base,
        headRefName: head,
        mergedAt: mergeCommit === null ? null : createdAt,
      },
      ...{
        author: { __typename: 'User', login: 'watchkeeper', name: 'Watchkeeper', id: idOf('U', 1) },
        mergeable: 'MERGEABLE',
        reviewDecision: null,
      },
      ...{ changedFiles: 1, additions: 1, deletions: 1, maintainerCanModify: false, mergeStateStatus: () => mergeState(pull) },
      headRefOid: () => headOf(pull),
      mergeCommit: mergeCommit === null ? null : { oid: mergeCommit },
      baseRef: () => ({ name: base, branchProtectionRule: null }),
      headRepository: { id: idOf('R', 1), name: 'shop' },
      headRepositoryOwner: { __typename: 'User', id: idOf('U', 1), login: 'acme', name: 'acme' },
      autoMergeRequest: null,
      ...{ isInMergeQueue: false, isMergeQueueEnabled: false },
      commits: async () => connection(await commitsOf(pull)),
    };
  }

  interface Listing {
    readonly headRefName?: string;
    readonly baseRefName?: string;
    readonly states?: readonly string[];
    readonly first?: number;
  }

  function listed({ headRefName, baseRefName, states, first = 100 }: Listing): Node {
    const found = pulls.filter(
      (pull) =>
        (headRefName == null || pull.head === headRefName) &&
        (baseRefName == null || pull.base === baseRefName) &&
        (states == null || states.includes(pull.state)),
    );
    return connection(found.toReversed().slice(0, first).map(pullNode), found.length);
  }

  async function blame({ path }: { path: string }): Promise<Node> {
    const lines = (await git(['blame', '--line-porcelain', 'refs/heads/main', '--', path])).split('\n');
    const heads = lines.flatMap((line) => /^([0-9a-f]{40}) \d+ (\d+)/.exec(line)?.slice(1) ?? []);
    const ranges = [];
    for (let at = 0; at < heads.length; at += 2) {
      const [oid = '', line = ''] = heads.slice(at, at + 2);
      const [date = '', name = '', subject = ''] = (await git(['log', '-1', '--format=%cI%n%an%n%s', oid])).split('\n');
      const commit = { oid, committedDate: date, messageHeadline: subject, author: { name } };
      ranges.push({ startingLine: Number(line), endingLine: Number(line), age: 1, commit });
    }
    return { ranges };
  }

  const repositoryNode: Node = {
    ...{
      id: idOf('R', 1),
      name: 'shop',
      owner: { __typename: 'Organization', login: 'acme', id: idOf('O', 1) },
      description: null,
      parent: null,
    },
    ...{ hasIssuesEnabled: true, hasWikiEnabled: true, viewerPermission: 'WRITE', isPrivate: true, url: () => `${site.url}/acme/shop` },
    ...{ mergeCommitAllowed: true, rebaseMergeAllowed: true, squashMergeAllowed: true },
    defaultBranchRef: () => refNode('refs/heads/main'),
    ref: ({ qualifiedName }: { qualifiedName: string }) => refNode(qualifiedName),
    pullRequests: listed,
    pullRequest: ({ number }: { number: number }) => {
      const found = pulls.find((pull) => pull.number === number);
      return found === undefined
        ? refuse('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
        : pullNode(found);
    },
    object: async ({ expression }: { expression: string }) => {
      const oid = await git(['rev-parse', '--verify', '--quiet', `${expression}^{commit}`]).catch(() => '');
      return oid === '' ? null : { __typename: 'Commit', oid, blame };
    },
  };

  const byId = (id: string): Pull =>
    pulls.find(({ number }) => idOf('PR', number) === id) ??
    refuse('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);

  async function open(base: string, head: string, title: string, body: string): Promise<Pull> {
    const pull: Pull = {
      ...{
        number: pulls.length + 1,
        title,
        body,
        base,
        head,
        createdAt: new Date().toISOString(),
        fork: false,
        state: 'OPEN',
        mergeCommit: null,
      },
      ...{ autoMerge: false, checks: structuredClone(repository.newChecks) },
    };
    await git(['update-ref', `refs/pull/${pull.number}/head`, `refs/heads/${head}`]);
    pulls.push(pull);
    return pull;
  }

  interface Made {
    readonly input: Readonly<Record<string, string>> & { readonly pullRequestId: string };
  }

  const mutations: Node = {
    createPullRequest: async ({ input: { baseRefName = '', headRefName = '', title = '', body = '' } }: Made) => {
      if ((await refNode(`refs/heads/${headRefName}`)) === null) return refuse('UNPROCESSABLE', "Head sha can't be blank");
      if (pulls.some((pull) => pull.head === headRefName && pull.state === 'OPEN' && !pull.fork))
        return refuse('UNPROCESSABLE', `A pull request already exists for acme:${headRefName}.`);
      return { pullRequest: pullNode(await open(baseRefName, headRefName, title, body)) };
    },
    closePullRequest: ({ input }: Made) => {
      const pull = byId(input.pullRequestId);
      pull.state = 'CLOSED';
      return { pullRequest: pullNode(pull) };
    },
    mergePullRequest: async ({ input }: Made) => {
      const pull = byId(input.pullRequestId);
      const head = await git(['rev-parse', `refs/heads/${pull.head}`]);
      if (input['expectedHeadOid'] != null && input['expectedHeadOid'] !== head)
        return refuse('UNPROCESSABLE', 'Head branch was modified. Review and try the merge again.');
      await mergeInto(repository, pull, input['mergeMethod'] ?? 'MERGE');
      return { pullRequest: pullNode(pull) };
    },
    enablePullRequestAutoMerge: ({ input }: Made) => {
      const pull = byId(input.pullRequestId);
      pull.autoMerge = true;
      return { pullRequest: pullNode(pull) };
    },
    revertPullRequest: async ({ input: { pullRequestId, title = '', body = '' } }: Made) => {
      const pull = byId(pullRequestId);
      if (pull.mergeCommit === null) return refuse('UNPROCESSABLE', 'Pull request is not merged');
      const head = `revert-${pull.number}-${pull.head}`;
      const tip = await git(['rev-parse', `refs/heads/${pull.base}`]);
      const commit = await git(['commit-tree', `${pull.mergeCommit}^^{tree}`, '-p', tip, '-m', title]);
      await git(['update-ref', `refs/heads/${head}`, commit]);
      const made = await open(pull.base, head, title, body);
      return { pullRequest: pullNode(pull), revertPullRequest: pullNode(made) };
    },
  };

  return async (text: string, may: boolean): Promise<Reply> => {
    const { query, variables } = JSON.parse(text) as { query: string; variables?: Record<string, unknown> };
    const guarded = Object.fromEntries(
      Object.entries(mutations).map(([name, resolve]) => [
        name,
        may ? resolve : () => refuse('FORBIDDEN', 'Resource not accessible by personal access token'),
      ]),
    );
    const rootValue = {
      ...guarded,
      repository: ({ owner, name }: { owner: string; name: string }) =>
        owner === 'acme' && name === 'shop'
          ? repositoryNode
          : refuse('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`),
    };
    const { data, errors } = await graphql({ schema, source: query, rootValue, variableValues: variables ?? null });
    const told = errors?.map(({ message, path, extensions }) => ({ type: extensions['type'], path, message }));
    return { status: 200, body: { data, ...(told === undefined ? {} : { errors: told }) } };
  };
}
