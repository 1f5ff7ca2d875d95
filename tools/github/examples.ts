import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const repository = 'acme/shop';
const repo = '--repo=acme/shop';
const commit = '0123456789abcdef0123456789abcdef01234567';
const [plan, step] = ['11111111-2222-4333-8444-555555555555', 's1'];
const branch = `watchkeeper/${plan}-${step}`;
const file = 'apps/web/values.yaml';

const edit = { kind: 'helm_value', file, value: 'image.tag', from: '1.3', to: '1.2' };
const change = { repository, plan, step, base: 'main', title: 'Return web to 1.2', evidence: ['1.3 crashes'], edits: [edit] };

const git = 'git --git-dir=repository.git';
const clone = `git clone --bare --depth=1 --single-branch --no-tags --filter=blob:none --template= --branch=main -- https://github.com/acme/shop.git repository.git`;
const edited = [
  `${git} --literal-pathspecs ls-tree --full-tree refs/heads/main -- ${file}`,
  `${git} cat-file blob refs/heads/main:${file}`,
  `${git} fast-import --quiet --done`,
];
const plainly = '--no-tags --no-recurse-submodules -- origin';
const compared = (of: string) => [
  ...[
    `${git} fetch --quiet --depth=2 ${plainly} +refs/heads/${of}:refs/watchkeeper/there`,
    `${git} cat-file commit refs/heads/${of}`,
    `${git} cat-file commit refs/watchkeeper/there`,
  ].map((line) => `[where the branch is there already] ${line}`),
  ...[
    `${git} fetch --quiet --depth=1000 --filter=tree:0 ${plainly} +refs/heads/main:refs/watchkeeper/base`,
    `${git} merge-base --is-ancestor <its parent> refs/watchkeeper/base`,
    `${git} --literal-pathspecs ls-tree --full-tree <its parent> -- ${file}`,
    `${git} cat-file blob <its parent>:${file}`,
    `${git} fast-import --quiet --done`,
    `${git} cat-file commit refs/watchkeeper/again`,
  ].map((line) => `[where its base has moved since] ${line}`),
];
const find = (of: string) => `gh pr list --head=${of} --base=main --state=all --limit=5 --json=number,url,state,isCrossRepository ${repo}`;
const merging = `gh pr merge <number> --squash --auto --match-head-commit=<commit> ${repo}`;
const dryRun = [
  clone,
  ...edited,
  `${git} diff --no-color --no-ext-diff --no-textconv --full-index refs/heads/main refs/heads/${branch} --`,
].join('\n');
const proposed = [
  clone,
  ...edited,
  `${git} ls-remote -- origin refs/heads/${branch}`,
  ...compared(branch),
  `[where it is not] ${git} push --no-verify --porcelain -- origin refs/heads/${branch}:refs/heads/${branch}`,
  find(branch),
  `[where there is none yet] gh pr create --head=${branch} --base=main --title=Return web to 1.2 --body-file=- ${repo}`,
];
const back = `${branch}-revert`;
const left = '[where it is merged, and not taken back yet] ';
const withdrawn = [
  clone,
  find(branch),
  `[where it is open] gh pr close <number> ${repo}`,
  `[where it is not merged] ${git} push --no-verify --porcelain -- origin :refs/heads/${branch}`,
  `[where it is merged] ${find(back)}`,
  ...[...edited, `${git} ls-remote -- origin refs/heads/${back}`].map((line) => `${left}${line}`),
  ...compared(back),
  ...[
    `${git} push --no-verify --porcelain -- origin refs/heads/${back}:refs/heads/${back}`,
    find(back),
    `gh pr create --head=${back} --base=main --title=Revert: Return web to 1.2 --body-file=- ${repo}`,
    merging,
  ].map((line) => `${left}${line}`),
];

const pullFields =
  'id,number,url,title,state,isDraft,author,baseRefName,headRefName,headRefOid,mergeCommit,mergeable,reviewDecision,statusCheckRollup,changedFiles,additions,deletions';
const runFields = 'databaseId,workflowName,displayTitle,event,headBranch,headSha,status,conclusion,createdAt,updatedAt,url';
const [since, until] = ['2026-01-02T03:04:05Z', '2026-01-02T04:04:05Z'];

export const examples: Examples = {
  'github.blame': { input: { repository, at: 'main', path: file, fromLine: 1, toLine: 9 }, line: 'POST github/graphql {}' },
  'github.change': { input: { ...change, until: 'merged', withinMinutes: 60 }, line: proposed.join('\n'), dryRun },
  'github.change_and_merge': { input: change, line: [...proposed, merging].join('\n'), dryRun },
  'github.change_state': { input: { repository, plan, step, base: 'main' }, line: 'POST github/graphql {}' },
  'github.commit_list': {
    input: { repository, branch: 'main', path: file, since, until },
    line: `GET github/repos/acme/shop/commits ${JSON.stringify({ sha: 'main', path: file, since, until, per_page: '50' })}`,
  },
  'github.deployment_list': {
    input: { repository, environment: 'production' },
    line: 'GET github/repos/acme/shop/deployments {"environment":"production","per_page":"30"}',
  },
  'github.merge': {
    input: { repository, number: 7, headCommit: commit, method: 'merge' },
    line: `gh pr merge 7 --merge --match-head-commit=${commit} ${repo}`,
    dryRun: `gh pr diff 7 --color=never ${repo}`,
  },
  'github.pr_get': { input: { repository, number: 7 }, line: `gh pr view 7 --json=${pullFields} ${repo}` },
  'github.pr_list': {
    input: { repository, state: 'merged', base: 'main', head: 'fix' },
    line: `gh pr list --state=merged --limit=30 --base=main --head=fix --json=number,title,state,author,headRefName,baseRefName,isDraft,createdAt,mergedAt,url ${repo}`,
  },
  'github.release_list': { input: { repository }, line: 'GET github/repos/acme/shop/releases {"per_page":"20"}' },
  'github.rerun': { input: { repository, run: 9 }, line: `gh run rerun 9 --failed ${repo}` },
  'github.revert': { input: { repository, number: 7, id: 'PR_1', reason: '1.3 crashes' }, line: 'POST github/graphql {}' },
  'github.revert_state': { input: { repository, number: 7 }, line: 'POST github/graphql {}' },
  'github.run_get': { input: { repository, run: 9 }, line: `gh run view 9 --json=${runFields},startedAt,jobs ${repo}` },
  'github.run_list': {
    input: { repository, branch: 'main', workflow: 'ci.yml' },
    line: `gh run list --limit=20 --branch=main --workflow=ci.yml --json=${runFields} ${repo}`,
  },
  'github.run_logs': { input: { repository, run: 9 }, line: `gh run view 9 --log-failed ${repo}` },
  'github.withdraw': { input: change, line: withdrawn.join('\n') },
};

/** What the sample site has of it. */
export const sample: SystemSettings['github'] = {
  host: 'github.com',
  repositories: ['acme/*'],
  token: sampleFiles,
  author: { name: 'Watchkeeper', email: 'watchkeeper@acme.example' },
  mergeReverts: true,
};
