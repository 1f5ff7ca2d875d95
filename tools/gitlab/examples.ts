import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

const repository = 'acme/platform/shop';
const api = 'gitlab/api/v4/projects/acme%2Fplatform%2Fshop';
const commit = '0123456789abcdef0123456789abcdef01234567';
const [plan, step] = ['11111111-2222-4333-8444-555555555555', 's1'];
const branch = `watchkeeper/${plan}-${step}`;
const file = 'apps/web/values.yaml';
const [since, until] = ['2026-01-02T03:04:05Z', '2026-01-02T04:04:05Z'];

const get = (path: string, query: object = {}) => `GET ${api}${path} ${JSON.stringify(query)}`;
const lines = (...all: readonly string[]) => all.join('\n');
const newest = { order_by: 'created_at', sort: 'desc', per_page: '5' };
const requestsOf = (source: string, into: object = {}) =>
  get('/merge_requests', { source_branch: source, ...into, state: 'all', ...newest });
const jobs = get('/pipelines/%3Cpipeline%3E/jobs', { per_page: '100' });

const edit = { kind: 'helm_value', file, value: 'image.tag', from: '1.3', to: '1.2' };
const change = { repository, plan, step, base: 'main', title: 'Return web to 1.2', evidence: ['1.3 crashes'], edits: [edit] };

const git = 'git --git-dir=repository.git';
const clone = `git clone --bare --depth=1 --single-branch --no-tags --filter=blob:none --template= --branch=main -- https://gitlab.example/acme/platform/shop.git repository.git`;
const edited = [
  `${git} --literal-pathspecs ls-tree --full-tree refs/heads/main -- ${file}`,
  `${git} cat-file blob refs/heads/main:${file}`,
  `${git} fast-import --quiet --done`,
];
const push = (what: string) => `${git} push --no-verify --porcelain -- origin ${what}`;
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
const intoMain = { target_branch: 'main' };
const find = (of: string) => requestsOf(of, intoMain);
const open = `POST ${api}/merge_requests {}`;
const merging = [get('/merge_requests/%3Cnumber%3E'), `PUT ${api}/merge_requests/%3Cnumber%3E/merge {}`];
const dryRun = lines(
  clone,
  ...edited,
  `${git} diff --no-color --no-ext-diff --no-textconv --full-index refs/heads/main refs/heads/${branch} --`,
);
const proposed = [
  clone,
  ...edited,
  `${git} ls-remote -- origin refs/heads/${branch}`,
  ...compared(branch),
  `[where it is not] ${push(`refs/heads/${branch}:refs/heads/${branch}`)}`,
  find(branch),
  `[where there is none yet] ${open}`,
];
const back = `refs/heads/${branch}-revert`;
const left = '[where it is merged, and not taken back yet] ';
const withdrawn = [
  clone,
  find(branch),
  `[where it is open] PUT ${api}/merge_requests/%3Cnumber%3E {}`,
  `[where it is not merged] ${push(`:refs/heads/${branch}`)}`,
  `[where it is merged] ${find(`${branch}-revert`)}`,
  ...[...edited, `${git} ls-remote -- origin ${back}`].map((line) => `${left}${line}`),
  ...compared(`${branch}-revert`),
  ...[push(`${back}:${back}`), find(`${branch}-revert`), open, ...merging].map((line) => `${left}${line}`),
];

const asked = '[where it was asked for] ';
const piped = `[where it has a pipeline] ${jobs}`;
const merged = '[where one commit merged it] ';
const reverts = 'watchkeeper/revert-0123456789ab';
const reverted = `POST ${api}/repository/commits/${commit}/revert {}`;

export const examples: Examples = {
  'gitlab.blame': {
    input: { repository, at: 'main', path: file, fromLine: 1, toLine: 9 },
    line: lines(
      get('/repository/commits/main'),
      get('/repository/files/apps%2Fweb%2Fvalues.yaml/blame', { ref: 'main', 'range[start]': '1', 'range[end]': '9' }),
    ),
  },
  'gitlab.change': { input: { ...change, until: 'merged', withinMinutes: 60 }, line: lines(...proposed), dryRun },
  'gitlab.change_and_merge': { input: change, line: lines(...proposed, ...merging), dryRun },
  'gitlab.change_state': {
    input: { repository, plan, step, base: 'main' },
    line: lines(
      get('/repository/branches/main'),
      get(`/repository/branches/${encodeURIComponent(branch)}`),
      requestsOf(branch, intoMain),
      `${asked}${get('/merge_requests/%3Cnumber%3E')}`,
      `${asked}${get('/merge_requests/%3Cnumber%3E/commits', { per_page: '100' })}`,
      piped,
      requestsOf(`${branch}-revert`, intoMain),
    ),
  },
  'gitlab.commit_list': {
    input: { repository, branch: 'main', path: file, since, until },
    line: get('/repository/commits', { ref_name: 'main', path: file, since, until, per_page: '50' }),
  },
  'gitlab.deployment_list': {
    input: { repository, environment: 'production', status: 'success' },
    line: get('/deployments', { environment: 'production', status: 'success', order_by: 'id', sort: 'desc', per_page: '30' }),
  },
  'gitlab.environment_list': { input: { repository }, line: get('/environments', { states: 'available', per_page: '50' }) },
  'gitlab.file': {
    input: { repository, at: commit, path: file },
    line: get('/repository/files/apps%2Fweb%2Fvalues.yaml', { ref: commit }),
  },
  'gitlab.job_get': { input: { repository, job: 9 }, line: lines(get('/jobs/9'), jobs) },
  'gitlab.job_logs': { input: { repository, job: 9 }, line: get('/jobs/9/trace') },
  'gitlab.job_retry': { input: { repository, job: 9 }, line: `POST ${api}/jobs/9/retry {}` },
  'gitlab.merge': {
    input: { repository, number: 7, headCommit: commit, method: 'squash' },
    line: `PUT ${api}/merge_requests/7/merge {}`,
    dryRun: get('/merge_requests/7/diffs', { per_page: '100' }),
  },
  'gitlab.mr_changes': { input: { repository, number: 7 }, line: get('/merge_requests/7/diffs', { per_page: '100' }) },
  'gitlab.mr_discussions': { input: { repository, number: 7 }, line: get('/merge_requests/7/discussions', { per_page: '50' }) },
  'gitlab.mr_get': {
    input: { repository, number: 7 },
    line: lines(
      get('/merge_requests/7'),
      get('/merge_requests/7/approvals'),
      get('/merge_requests/7/discussions', { per_page: '100' }),
      piped,
    ),
  },
  'gitlab.mr_list': {
    input: { repository, state: 'merged', base: 'main', head: 'fix' },
    line: get('/merge_requests', {
      ...{ state: 'merged', target_branch: 'main', source_branch: 'fix', order_by: 'created_at', sort: 'desc', per_page: '30' },
    }),
  },
  'gitlab.pipeline_get': {
    input: { repository, pipeline: 5 },
    line: lines(get('/pipelines/5'), get('/pipelines/5/jobs', { per_page: '100' })),
  },
  'gitlab.pipeline_list': {
    input: { repository, branch: 'main', commit, status: 'failed' },
    line: get('/pipelines', { ref: 'main', sha: commit, status: 'failed', order_by: 'id', sort: 'desc', per_page: '20' }),
  },
  'gitlab.pipeline_retry': { input: { repository, pipeline: 5 }, line: `POST ${api}/pipelines/5/retry {}` },
  'gitlab.release_list': { input: { repository }, line: get('/releases', { order_by: 'released_at', sort: 'desc', per_page: '20' }) },
  'gitlab.revert': {
    input: { repository, number: 7, commit, base: 'main', reason: '1.3 crashes' },
    line: lines(
      `POST ${api}/repository/branches {}`,
      `[where a later one is refused] DELETE ${api}/repository/branches/${encodeURIComponent(reverts)} {}`,
      `[where the branch is there already] ${get('/repository/compare', { from: 'main', to: reverts })}`,
      ...[
        get(`/repository/commits/${commit}`),
        get('/repository/compare', { from: commit, to: '<parent>', straight: 'true' }),
        get('/repository/compare', { from: '<before>', to: reverts, straight: 'true' }),
      ].map((line) => `[where the branch holds a commit already] ${line}`),
      `[where it is not reverted there] ${reverted}`,
      open,
    ),
    dryRun: reverted,
  },
  'gitlab.revert_state': {
    input: { repository, number: 7 },
    line: lines(
      get('/merge_requests/7'),
      `${merged}${get('/merge_requests', { source_branch: '<ours>', state: 'all', ...newest })}`,
      `${merged}${get('/merge_requests', { source_branch: '<theirs>', state: 'all', ...newest })}`,
    ),
  },
  'gitlab.withdraw': { input: change, line: lines(...withdrawn) },
};

/** What the sample site has of it. */
export const sample: SystemSettings['gitlab'] = {
  url: 'https://gitlab.example',
  projects: ['acme/**'],
  token: sampleFiles,
  author: { name: 'Watchkeeper', email: 'watchkeeper@acme.example' },
  mergeReverts: true,
};
