import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Expectation } from '../../tools/contract.ts';
import type { ChangeState } from '../../tools/git/standing.ts';
import { remedyFor } from '../../tools/remedies.ts';
import { type GitLab, startGitLab } from './gitlab.ts';
import { finish, mergeNow } from './gitlab-requests.ts';
import type { MergeRequest } from './gitlab-state.ts';
import { perform } from './perform.ts';
import { requirePrograms } from './processes.ts';
import { createTestSite, type TestSite } from './site.ts';

const values = '# Values of web.\nimage:\n  repository: registry.example/shop/web # do not mirror\n  tag: "1.3"\nreplicas: 3\n';
const file = 'apps/web/values.yaml';
const repository = 'acme/platform/shop';
const main = 'main';

let gitlab: GitLab;
let site: TestSite;
let plans = 0;

beforeAll(async () => {
  await requirePrograms(['git', 'openssl']);
  gitlab = await startGitLab({ [file]: values, 'apps/web/link.yaml': '-> values.yaml', 'apps/api/values.yaml': 'image:\n  tag: "7"\n' });
  site = await siteWith({});
});

afterAll(() => gitlab?.stop());

function siteWith(more: { mergeReverts?: boolean; token?: { read: string; write: string } }): Promise<TestSite> {
  const { url, tokens, certificate: ca } = gitlab;
  const author = { name: 'Watchkeeper', email: 'watchkeeper@acme.example' };
  return createTestSite({ gitlab: { url, ca, author, token: tokens, mergeReverts: true, projects: ['acme/**'], ...more } });
}

const tag = (from: string, to: string, where = file) => ({ kind: 'helm_value', file: where, value: 'image.tag', from, to });

function change(edits: readonly object[], more: object = {}) {
  plans += 1;
  const plan = `11111111-2222-4333-8444-${String(plans).padStart(12, '0')}`;
  const evidence = ['@everyone: 1.3 <crashes>', '```', '/merge', 'Closes #3'];
  return { repository, base: main, plan, step: 's1', title: 'Return web', evidence, edits, ...more };
}

type Change = ReturnType<typeof change>;

const stateInput = ({ base, plan, step }: Change) => ({ repository, base, plan, step });
const stateOf = (input: Change): Promise<ChangeState> => site.output('gitlab.change_state', stateInput(input));
const contentOf = (branch: string, path = file) => gitlab.project.git(['cat-file', 'blob', `${branch}:${path}`]);
const branchOf = ({ plan, step }: Change) => `watchkeeper/${plan}-${step}`;
const refs = () => gitlab.project.git(['for-each-ref', '--format=%(refname)']);
const without = ({ until: _until, withinMinutes: _within, ...input }: Record<string, unknown>) => input;

function newest(): MergeRequest {
  const request = gitlab.project.requests.at(-1);
  if (request === undefined) throw new Error('no merge request');
  return request;
}

/** Opened, with the head that people would approve. */
async function proposed(edits: readonly object[]): Promise<{ input: Change; number: number; headCommit: string }> {
  const input = change(edits);
  expect(await site.write('gitlab.change', input)).toMatchObject({ status: 'ok' });
  const { request } = await stateOf(input);
  return { input, number: request?.number ?? 0, headCommit: request?.head ?? '' };
}

describe('a change of files in a subgroup', () => {
  it('is what its dry run showed, waits for its pipeline, is merged as it was approved, and reverted', async () => {
    const { project } = gitlab;
    const input = change([tag('1.3', '1.2')], { until: 'checked', withinMinutes: 1 });
    const dry = site.observationOf(await site.dryRun('gitlab.change', input));
    expect(dry.stdout).toContain('-  tag: "1.3"\n+  tag: "1.2"\n');
    expect(dry.stdout).toContain(`Watchkeeper-Plan: ${input.plan} s1\nSigned-off-by: Watchkeeper <watchkeeper@acme.example>`);
    expect(await stateOf(input)).toMatchObject({ standing: 'none', branchCommit: null });

    project.newJobs = [{ name: 'test', log: 'ok\n' }];
    expect(await site.write('gitlab.change', input)).toMatchObject({ status: 'ok' });
    expect(await contentOf(branchOf(input))).toBe(values.replace('1.3', '1.2').trim());
    const request = newest();
    // Evidence is no quick action: each line begins with a dash, in a block of code.
    expect(request).toMatchObject({ title: 'Return web', base: main, description: expect.stringContaining('- /merge\n- Closes #3\n```') });
    expect(await stateOf(input)).toMatchObject({ standing: 'open', request: { green: false, checks: { pending: 2 } } });
    await finish(project, request.pipeline ?? 0, 'success');
    const green: Expectation = { pointer: '/request/green', op: 'eq', value: true };
    await site.reaches('gitlab.change_state', stateInput(input), [green], 5_000);

    const { request: now } = await stateOf(input);
    await perform(site, 'gitlab.merge', { repository, number: request.iid, headCommit: now?.head });
    expect(await contentOf(main)).toContain('tag: "1.2"');
    expect(await stateOf(input)).toMatchObject({ standing: 'merged', present: true });
    // People merge what takes it back, unless the site says otherwise.
    expect(await (await siteWith({ mergeReverts: false })).write('gitlab.withdraw', without(input))).toMatchObject({ status: 'ok' });
    expect(await stateOf(input)).toMatchObject({ standing: 'reverting', undone: false });
    expect(newest().title).toBe('Revert: Return web');
    project.newJobs = [];
    await mergeNow(project, newest(), false);
    expect(await stateOf(input)).toMatchObject({ standing: 'reverted', undone: true });
    expect(await contentOf(main)).toBe(values.trim());
  });

  it('may be merged by GitLab once its pipeline is done, and its rollback as well', async () => {
    const { project } = gitlab;
    project.newJobs = [{ name: 'test', log: '' }];
    const input = change([tag('7', '6', 'apps/api/values.yaml')], { withinMinutes: 1 });
    expect(await site.write('gitlab.change_and_merge', input)).toMatchObject({ status: 'ok' });
    expect(newest()).toMatchObject({ state: 'opened', autoMerge: true });
    await finish(project, newest().pipeline ?? 0, 'success');
    expect(await stateOf(input)).toMatchObject({ standing: 'merged' });
    project.newJobs = [];
    await perform(site, 'gitlab.withdraw', without(input));
    expect(await contentOf(main, 'apps/api/values.yaml')).toBe('image:\n  tag: "7"');
  });

  it('is made once, whichever answer is lost, and gone when it is taken back', async () => {
    const { requests } = gitlab.project;
    const input = change([tag('1.3', '1.1')]);
    gitlab.lose = { method: 'POST', end: '/merge_requests' };
    expect(await site.write('gitlab.change', input)).toMatchObject({ status: 'error', code: 'unreachable' });
    const count = requests.length;
    // What a retry asks first.
    expect(await stateOf(input)).toMatchObject({ standing: 'open', present: true });
    expect(await site.write('gitlab.change', input)).toMatchObject({ status: 'ok', output: { number: String(newest().iid) } });
    expect(requests).toHaveLength(count);
    expect(await site.write('gitlab.change', { ...input, edits: [tag('1.3', '1.0')] })).toMatchObject({
      message: expect.stringContaining('is there already, with other content'),
    });
    await perform(site, 'gitlab.withdraw', input);
    expect(await stateOf(input)).toMatchObject({ standing: 'closed', undone: true, branchCommit: null });
  });

  it('is taken back once, whichever answer is lost', async () => {
    const { requests } = gitlab.project;
    for (const lose of [
      { method: 'POST', end: '/merge_requests' },
      { method: 'PUT', end: '/merge' },
    ]) {
      const input = change([tag('1.3', '1.1')]);
      expect(await site.write('gitlab.change_and_merge', input)).toMatchObject({ status: 'ok' });
      expect(await stateOf(input)).toMatchObject({ standing: 'merged' });
      const count = requests.length;
      gitlab.lose = lose;
      await site.write('gitlab.withdraw', input);
      expect([gitlab.lose, requests.length, newest().title]).toEqual([null, count + 1, 'Revert: Return web']);
      expect(await site.write('gitlab.withdraw', input)).toMatchObject({ status: 'ok', output: { number: String(count + 1) } });
      expect([requests.length, await stateOf(input)]).toMatchObject([count + 1, { standing: 'reverted' }]);
    }
    expect(await contentOf(main)).toBe(values.trim());
  });

  it.each([
    ['a value that is another by now', change([tag('1.4', '1.2')]), 'image.tag is "1.3", expected "1.4"'],
    ['a link', change([tag('1.3', '1.2', 'apps/web/link.yaml')]), 'is no regular file of main'],
    ['a branch that is not there', change([tag('1.3', '1.2')], { base: 'ghost' }), 'ghost not found'],
    ['a project that is not there', change([tag('1.3', '1.2')], { repository: 'acme/ghost' }), 'not found'],
  ])('of %s changes nothing', async (_, input, words) => {
    const before = await refs();
    expect(await site.dryRun('gitlab.change', input)).toMatchObject({ status: 'error', message: expect.stringContaining(words) });
    expect(await site.write('gitlab.change', input)).toMatchObject({ status: 'error', message: expect.stringContaining(words) });
    expect(await refs()).toBe(before);
  });

  it('leaves no branch behind that nobody asked for, and takes none of a fork for its own', async () => {
    const input = change([tag('1.3', '1.2')]);
    const foreign = { iid: 900, title: 'Mine', description: '', base: main, head: branchOf(input), fork: true, notes: [], checking: 0 };
    const rest = {
      sha: '0'.repeat(40),
      commits: [],
      mergeCommit: null,
      squashCommit: null,
      autoMerge: false,
      pipeline: null,
      approvedBy: [],
    };
    gitlab.project.requests.push({ ...foreign, ...rest, state: 'opened' });
    expect(await stateOf(input)).toMatchObject({ standing: 'none' });
    gitlab.refusing = 429;
    const answer = await site.write('gitlab.change', input);
    gitlab.refusing = null;
    expect(answer).toMatchObject({ status: 'error', code: 'throttled', message: expect.stringContaining('asks to wait 60 s') });
    expect(await stateOf(input)).toMatchObject({ branchCommit: null });
    gitlab.project.requests.pop();
  });
});

describe('a merge', () => {
  it('is of the commit that was approved, by whom the branch lets, when nothing speaks against it', async () => {
    const { project } = gitlab;
    const { input, number, headCommit } = await proposed([tag('1.3', '0.9')]);
    const merge = { repository, number, headCommit };
    newest().checking = 0;
    // Somebody pushes after it was approved.
    const more = await project.git(['commit-tree', `${headCommit}^{tree}`, '-p', headCommit, '-m', 'One more']);
    await project.git(['update-ref', `refs/heads/${branchOf(input)}`, more]);
    expect(await site.write('gitlab.merge', merge)).toMatchObject({ code: 'failed', message: expect.stringContaining('409') });
    await project.git(['update-ref', `refs/heads/${branchOf(input)}`, headCommit]);
    project.approvals = 1;
    expect(await site.output('gitlab.mr_get', { repository, number })).toMatchObject({
      ...{ mergeStatus: 'not_approved', review: 'REVIEW_REQUIRED', approvalsLeft: 1, mergeable: 'MERGEABLE' },
    });
    expect(await site.write('gitlab.merge', merge)).toMatchObject({ code: 'failed', message: expect.stringContaining('405') });
    newest().approvedBy.push('ann');
    project.mayMerge = false;
    expect(await site.write('gitlab.merge', merge)).toMatchObject({ code: 'forbidden' });
    project.mayMerge = true;
    expect(newest().state).toBe('opened');
    gitlab.lose = { method: 'PUT', end: '/merge' };
    expect(await site.write('gitlab.merge', merge)).toMatchObject({ code: 'unreachable' });
    expect(await site.output('gitlab.mr_get', { repository, number })).toMatchObject({ state: 'merged', headCommit, approvedBy: ['ann'] });
    const tip = await project.git(['rev-parse', main]);
    expect(await site.write('gitlab.merge', merge)).toMatchObject({ status: 'error' });
    expect(await project.git(['rev-parse', main])).toBe(tip);
    project.approvals = 0;
  });

  it('is taken back by one merge request, whichever answer is lost', async () => {
    const { project } = gitlab;
    const { iid: number } = newest();
    const count = project.requests.length;
    const state = await site.output<{ commit: string; base: string }>('gitlab.revert_state', { repository, number });
    const input = { repository, number, commit: state.commit, base: state.base, reason: 'it was worse' };
    for (const end of ['/repository/branches', `/${state.commit}/revert`, '/merge_requests']) {
      gitlab.lose = { method: 'POST', end };
      expect(await site.write('gitlab.revert', input)).toMatchObject({ status: 'error', code: 'unreachable' });
    }
    expect(await site.output('gitlab.revert_state', { repository, number })).toMatchObject({ merged: true, revert: { number: count + 1 } });
    expect(await site.write('gitlab.revert', input)).toMatchObject({ status: 'error', message: expect.stringContaining('409') });
    expect(project.requests).toHaveLength(count + 1);
    expect(await project.git(['rev-list', '--count', `${main}..${newest().head}`])).toBe('1');
    expect(await contentOf(newest().head)).toContain('tag: "1.3"');
    await mergeNow(project, newest(), false);
    // Of a commit that is reverted already, the dry run says so; a revert that is refused leaves no branch.
    newest().state = 'closed';
    await project.git(['update-ref', '-d', `refs/heads/${newest().head}`]);
    const before = await refs();
    expect(await site.dryRun('gitlab.revert', input)).toMatchObject({ code: 'bad_input', message: expect.stringContaining('reverted') });
    await project.git(['update-ref', `refs/heads/${main}`, await edited('2.0')]);
    expect(await site.write('gitlab.revert', input)).toMatchObject({ code: 'bad_input', message: expect.stringContaining('conflict') });
    expect(await refs()).toBe(before);
    await project.git(['update-ref', `refs/heads/${main}`, `${main}^`]);
  });

  it('is not taken back by what somebody else has put on the branch of that name', async () => {
    const { git, requests } = gitlab.project;
    const { input: given, number } = await proposed([tag('1.3', '0.7')]);
    await mergeNow(gitlab.project, newest(), false);
    const state = await site.output<{ commit: string; base: string }>('gitlab.revert_state', { repository, number });
    const input = { repository, number, commit: state.commit, base: state.base, reason: 'it was worse' };
    gitlab.lose = { method: 'POST', end: `/${state.commit}/revert` };
    expect(await site.write('gitlab.revert', input)).toMatchObject({ code: 'unreachable' });
    const branch = `refs/heads/watchkeeper/revert-${state.commit.slice(0, 12)}`;
    const ours = await git(['rev-parse', branch]);
    const message = await git(['log', '-1', '--format=%B', ours]);
    const made = (tree: string, words: string, ...parents: readonly string[]) =>
      git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], `${words}\n`);
    const blob = await git(['hash-object', '-w', '--stdin'], 'kind: ClusterRoleBinding\n');
    const andMore = async (commit: string) => git(['mktree'], `${await git(['ls-tree', commit])}\n100644 blob ${blob}\tmore.yaml\n`);
    const more = await andMore(ours);
    const others = {
      'one more file': await made(more, message, main),
      'one more commit': await made(more, 'One more', ours),
      'an older one': await made(`${ours}^{tree}`, message, await made(more, 'Before', main)),
      'something else': await made(more, 'Of somebody else', main),
    };
    const count = requests.length;
    for (const [what, commit] of Object.entries(others)) {
      await git(['update-ref', branch, commit]);
      expect(await site.write('gitlab.revert', input), what).toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(/is there already, with other content than the revert.*delete/),
      });
      expect([await git(['rev-parse', branch]), requests.length], what).toEqual([commit, count]);
    }
    // One that an attempt before has made is used, also where others have changed other files since.
    await git(['update-ref', `refs/heads/${main}`, await made(await andMore(main), 'Of somebody else', main)]);
    await git(['update-ref', branch, await made(`${ours}^{tree}`, message, main)]);
    expect(await site.write('gitlab.revert', input), 'it takes back the other change too').toMatchObject({ code: 'forbidden' });
    const back = await git(['merge-tree', '--write-tree', main, ours]);
    await git(['update-ref', branch, await made(back, message, main)]);
    await perform(site, 'gitlab.revert', input);
    await mergeNow(gitlab.project, newest(), false);
    expect([await contentOf(main), await contentOf(main, 'more.yaml')]).toEqual([values.trim(), 'kind: ClusterRoleBinding']);
    expect(await stateOf(given)).toMatchObject({ standing: 'merged' });
  });
});

/** A commit on main that sets the tag. */
async function edited(to: string): Promise<string> {
  const { git } = gitlab.project;
  const blob = await git(['hash-object', '-w', '--stdin'], values.replace('1.3', to));
  const apps = await git(['mktree'], `100644 blob ${blob}\tvalues.yaml\n`);
  const tree = await git(['mktree'], `040000 tree ${await git(['mktree'], `040000 tree ${apps}\tweb\n`)}\tapps\n`);
  return await git(['commit-tree', tree, '-p', main, '-m', `Set ${to}`]);
}

describe('pipelines and jobs', () => {
  it('are read with their logs, and run again once', async () => {
    const { project } = gitlab;
    const log = [
      'section_start:1560896352:test\r\x1b[0K\x1b[32;1m$ npm test\x1b[0;m',
      ...Array.from({ length: 400 }, (_, line) => `line ${line + 1}`),
      'done 10%\rdone 100%',
      'password=made-up-hunter2-secret \u202egnp',
      'section_end:1560896353:test\r\x1b[0K',
    ];
    project.newJobs = [
      { name: 'test', log: `${log.join('\n')}\n` },
      { name: 'lint', log: '' },
    ];
    const { number } = await proposed([tag('1.3', '1.5')]);
    project.newJobs = [];
    const pipeline = newest().pipeline ?? 0;
    await finish(project, pipeline, 'failed');
    expect(await site.output('gitlab.pipeline_list', { repository, number })).toMatchObject({
      pipelines: [{ pipeline, status: 'failed' }],
    });
    expect(await site.output('gitlab.pipeline_list', { repository, status: 'failed' })).toMatchObject({ pipelines: [{ pipeline }] });
    const state = await site.output<{ jobs: { job: number; name: string }[] }>('gitlab.pipeline_get', { repository, pipeline });
    expect(state).toMatchObject({ retryable: true, by: 'ann' });
    const job = state.jobs.find(({ name }) => name === 'test')?.job ?? 0;
    expect(await site.output('gitlab.job_get', { repository, job })).toMatchObject({
      failureReason: 'script_failure',
      pipeline,
      newest: job,
    });
    const end = await site.output<{ text: string; omitted: number }>('gitlab.job_logs', { repository, job, tail: 20 });
    expect(end).toMatchObject({ omitted: 383, text: expect.stringMatching(/line 400\ndone 100%\n/) });
    expect(end.text).not.toMatch(/hunter2|\u202e|section_|\p{Cc}(?<!\n)/u);

    gitlab.lose = { method: 'POST', end: '/retry' };
    expect(await site.write('gitlab.job_retry', { repository, job })).toMatchObject({ code: 'unreachable' });
    const again = await site.output<{ newest: number }>('gitlab.job_get', { repository, job });
    expect(again.newest).toBeGreaterThan(job);
    expect(await site.write('gitlab.job_retry', { repository, job })).toMatchObject({ code: 'forbidden' });
    await finish(project, pipeline, 'failed');
    await perform(site, 'gitlab.job_retry', { repository, job: again.newest });
    await finish(project, pipeline, 'failed');
    await perform(site, 'gitlab.pipeline_retry', { repository, pipeline });
  });
});

describe('a project', () => {
  it('is read: merge requests and what is said of them, commits, blame, files, deployments, environments, releases', async () => {
    const since = '2020-01-01T00:00:00Z';
    const request = newest();
    request.notes.push(
      { by: 'ghost', text: 'added 1 commit', resolved: null },
      { by: 'bob', text: 'No.\u202e token=made-up-hunter2-secret', resolved: false },
    );
    const [{ iid: number }] = [request];
    expect(await site.output('gitlab.mr_list', { repository, state: 'merged', base: main })).toMatchObject({
      requests: expect.arrayContaining([expect.objectContaining({ author: 'watchkeeper-bot', state: 'merged' })]),
    });
    expect(await site.output('gitlab.mr_get', { repository, number })).toMatchObject({ number, unresolved: 1, files: 1 });
    const said = await site.output('gitlab.mr_discussions', { repository, number, unresolvedOnly: true });
    expect(said).toMatchObject({ discussions: [{ unresolved: true, notes: [{ by: 'bob' }] }], more: false });
    expect(JSON.stringify(said)).not.toMatch(/hunter2|\u202e/);
    expect(await site.output('gitlab.mr_changes', { repository, number })).toMatchObject({
      files: [{ path: file, kind: 'changed', diff: expect.stringContaining('+  tag: "1.5"') }],
    });
    expect(await site.output('gitlab.commit_list', { repository, since, path: file, limit: 1 })).toMatchObject({ more: true });
    expect(await site.output('gitlab.blame', { repository, at: main, path: file, fromLine: 2, toLine: 3 })).toMatchObject({
      lines: [{ from: 2, to: 3, author: 'Ann', subject: 'Begin' }],
    });
    expect(await site.output('gitlab.file', { repository, at: main, path: file })).toMatchObject({ text: values, omitted: 0 });
    expect(await site.output('gitlab.deployment_list', { repository, environment: 'production' })).toMatchObject({
      deployments: [{ environment: 'production', by: 'ann', pipeline: 60 }],
    });
    expect(await site.output('gitlab.environment_list', { repository })).toMatchObject({ environments: [{}, { environment: 'staging' }] });
    expect(await site.output('gitlab.release_list', { repository, limit: 1 })).toMatchObject({ releases: [{ tag: 'v1.3' }] });
  });

  it('says what is wrong: not there, not allowed, expired, too often, down', async () => {
    const list = { repository };
    expect(await site.read('gitlab.mr_get', { repository, number: 4711 })).toMatchObject({ code: 'not_found' });
    expect(await site.read('gitlab.mr_list', { repository: 'acme/ghost' })).toMatchObject({ code: 'not_found' });
    expect(await site.read('gitlab.change_state', { ...stateInput(change([])), repository: 'acme/ghost' })).toMatchObject({
      code: 'not_found',
    });
    expect(await site.read('gitlab.mr_list', { repository: 'other/shop' })).toMatchObject({ code: 'context_unknown' });
    for (const [refusing, code] of [
      [429, 'throttled'],
      [503, 'unreachable'],
    ] as const) {
      gitlab.refusing = refusing;
      expect(await site.read('gitlab.mr_list', list)).toMatchObject({ code });
    }
    gitlab.refusing = null;
    const { tokens } = gitlab;
    const swapped = await siteWith({ token: { read: tokens.expired, write: tokens.read } });
    expect(await swapped.read('gitlab.mr_list', list)).toMatchObject({ code: 'forbidden', message: expect.stringContaining('expired') });
    expect(await swapped.dryRun('gitlab.change', change([tag('1.3', '1.2')]))).toMatchObject({ code: 'forbidden' });
    expect(await swapped.write('gitlab.change', change([tag('1.3', '1.2')]))).toMatchObject({ code: 'forbidden' });
    expect(await swapped.write('gitlab.merge', { repository, number: 1, headCommit: 'f'.repeat(40) })).toMatchObject({ code: 'forbidden' });
    const asked = await swapped.rights();
    expect(asked.map(remedyFor)).toEqual([expect.stringContaining('gitlab.token.read'), null]);
    expect(asked.map(({ account, rights, problem }) => [account, problem?.code ?? rights])).toEqual([
      ['read', 'forbidden'],
      ['write', ['scope read_api', 'scope read_repository', 'until 2027-01-01']],
    ]);
  });

  it('is read with the token that cannot write', () => {
    const writes = gitlab.asked.filter(({ path, method }) => method !== 'GET' && !path.endsWith('git-upload-pack'));
    expect(writes.some(({ token }) => token === 'made-up-gl-writer')).toBe(true);
    expect(writes.filter(({ token }) => token !== 'made-up-gl-writer').length).toBeLessThan(3);
    expect(gitlab.asked.some(({ token, path }) => token === 'made-up-gl-reader' && path.endsWith('git-upload-pack'))).toBe(true);
  });
});
