import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { type Checked as AnyChecked, Checks, checksOf } from '../git/checks.ts';
import { Branch } from '../git/grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { gh, ghTimeoutMs, Numbered, Repository } from './gh.ts';

const readPulls = ['Pull requests: read', 'Metadata: read'];

const Listed = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.string(),
  author: z.object({ login: z.string() }).nullable(),
  headRefName: z.string(),
  baseRefName: z.string(),
  isDraft: z.boolean(),
  createdAt: z.string(),
  mergedAt: z.string().nullable(),
  url: z.string(),
});

const Pull = z.object({
  ...{ number: z.number().int(), title: z.string(), state: z.enum(['open', 'merged', 'closed']), author: z.string().nullable() },
  ...{ head: z.string(), base: z.string(), draft: z.boolean(), createdAt: z.string(), mergedAt: z.string().nullable(), url: z.string() },
});

const fields = '--json=number,title,state,author,headRefName,baseRefName,isDraft,createdAt,mergedAt,url';

const stateOf = (state: string) => z.enum(['open', 'merged', 'closed']).parse(state.toLowerCase());

export const prList = read({
  name: 'github.pr_list',
  summary: 'Pull requests of a repository, newest first',
  input: Repository.extend({
    state: z.enum(['open', 'closed', 'merged', 'all']).default('open'),
    base: Branch.optional(),
    head: Branch.optional(),
    limit: z.int().min(1).max(100).default(30),
  }),
  output: z.object({ pulls: z.array(Pull) }),
  command: ({ repository, state, base, head, limit }, site) =>
    gh(site, repository, [
      ...['pr', 'list', `--state=${state}`, `--limit=${limit}`],
      ...(base === undefined ? [] : [`--base=${base}`]),
      ...(head === undefined ? [] : [`--head=${head}`]),
      fields,
    ]),
  parse: ({ stdout }) => ({
    pulls: parseJson(z.array(Listed), stdout).map(({ author, headRefName: head, baseRefName: base, isDraft: draft, state, ...rest }) => ({
      ...{ ...rest, head, base, draft, state: stateOf(state), author: author?.login ?? null },
    })),
  }),
  timeoutMs: ghTimeoutMs,
  permissions: readPulls,
});

const Checked = z.object({
  __typename: z.string().optional(),
  name: z.string().optional(),
  context: z.string().optional(),
  status: z.string().optional(),
  conclusion: z.string().nullish(),
  state: z.string().optional(),
  detailsUrl: z.string().nullish(),
  targetUrl: z.string().nullish(),
});

/** Checks runs say it by `conclusion`, statuses of commits by `state`. What is not known to pass does not. */
function outcomeOf({ conclusion, state, status }: z.infer<typeof Checked>): AnyChecked['outcome'] {
  const word = (conclusion || state || '').toUpperCase();
  if (['SUCCESS', 'NEUTRAL', 'SKIPPED'].includes(word)) return 'passing';
  return word === '' || word === 'PENDING' || word === 'EXPECTED' || (status !== undefined && status !== 'COMPLETED')
    ? 'pending'
    : 'failing';
}

/** What the lists of checks of a pull request say. */
export function checkedOf(all: readonly z.infer<typeof Checked>[]): readonly AnyChecked[] {
  return all.map((one) => ({
    ...{ name: one.name ?? one.context ?? '', outcome: outcomeOf(one), url: one.detailsUrl ?? one.targetUrl ?? null },
  }));
}

export const CheckedList = z.array(Checked).nullish();

/** Where one pull request stands. */
export const PullState = z.object({
  id: z.string(),
  number: z.number().int(),
  url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  draft: z.boolean(),
  author: z.string().nullable(),
  base: z.string(),
  head: z.string(),
  headCommit: z.string(),
  mergeCommit: z.string().nullable(),
  /** `MERGEABLE`, `CONFLICTING` or `UNKNOWN`. */
  mergeable: z.string(),
  /** `APPROVED`, `CHANGES_REQUESTED`, `REVIEW_REQUIRED`; empty: none is asked for. */
  review: z.string(),
  checks: Checks,
  files: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
});
export type PullState = z.infer<typeof PullState>;

const Viewed = Listed.omit({ createdAt: true, mergedAt: true }).extend({
  id: z.string(),
  headRefOid: z.string(),
  mergeCommit: z.object({ oid: z.string() }).nullish(),
  mergeable: z.string(),
  reviewDecision: z.string().nullish(),
  statusCheckRollup: CheckedList,
  changedFiles: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
});

export const prGet = read({
  name: 'github.pr_get',
  summary: 'Where a pull request stands: state, head, reviews, checks, and whether it can be merged',
  input: Numbered,
  output: PullState,
  command: ({ repository, number }, site) =>
    gh(site, repository, [
      ...['pr', 'view', `${number}`],
      '--json=id,number,url,title,state,isDraft,author,baseRefName,headRefName,headRefOid,mergeCommit,mergeable,reviewDecision,statusCheckRollup,changedFiles,additions,deletions',
    ]),
  parse: ({ stdout }) => {
    const { id, number, url, title, additions, deletions, mergeable, ...pull } = parseJson(Viewed, stdout);
    return {
      ...{ id, number, url, title, additions, deletions, mergeable, state: stateOf(pull.state), draft: pull.isDraft },
      ...{ author: pull.author?.login ?? null, base: pull.baseRefName, head: pull.headRefName, headCommit: pull.headRefOid },
      ...{ mergeCommit: pull.mergeCommit?.oid ?? null, review: pull.reviewDecision ?? '', files: pull.changedFiles },
      checks: checksOf(checkedOf(pull.statusCheckRollup ?? [])),
    };
  },
  timeoutMs: ghTimeoutMs,
  permissions: [...readPulls, 'Checks: read', 'Commit statuses: read'],
});

/** The state operation of writes to a pull request. */
export function pullStateOf({ repository, number }: z.infer<typeof Numbered>): OperationCall {
  return { operation: 'github.pr_get', input: { repository, number } };
}
