import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Expectation } from '../../tools/contract.ts';
import type { ChangeState } from '../../tools/git/standing.ts';
import { commitFile, type GitHub, startGitHub } from './github.ts';
import { mergeInto } from './github-graphql.ts';
import { perform } from './perform.ts';
import { requirePrograms } from './processes.ts';
import { createTestSite, type TestSite } from './site.ts';

const values = '# Values of web.\nimage:\n  repository: registry.example/shop/web # do not mirror\n  tag: "1.3"\nreplicas: 3\n';
const file = 'apps/web/values.yaml';
const repository = 'acme/shop';
const main = 'main';

let github: GitHub;
let site: TestSite;
let plans = 0;

beforeAll(async () => {
  await requirePrograms(['git', 'gh', 'openssl']);
  github = await startGitHub({
    [file]: values,
    'apps/web/link.yaml': '-> values.yaml',
    'apps/api/kustomization.yaml': 'images:\n- name: api # ours\n  newTag: "7"\n',
  });
  setDefaultCACertificates([...getCACertificates(), await readFile(github.certificate, 'utf8')]);
  site = await siteWith(true);
});

afterAll(() => github?.stop());

function siteWith(mergeReverts: boolean): Promise<TestSite> {
  const { host, tokens: token, certificate: ca } = github;
  const author = { name: 'Watchkeeper', email: 'watchkeeper@acme.example' };
  return createTestSite({ github: { host, token, ca, author, mergeReverts, repositories: ['acme/*'] } });
}

const tag = (from: string, to: string, where = file) => ({ kind: 'helm_value', file: where, value: 'image.tag', from, to });

function change(edits: readonly object[], more: object = {}) {
  plans += 1;
  const plan = `11111111-2222-4333-8444-${String(plans).padStart(12, '0')}`;
  return { repository, base: main, plan, step: 's1', title: 'Return web', evidence: ['@everyone: 1.3 <crashes>', '```'], edits, ...more };
}

type Change = ReturnType<typeof change>;

const stateInput = ({ base, plan, step }: Change) => ({ repository, base, plan, step });
const stateOf = (input: Change): Promise<ChangeState> => site.output('github.change_state', stateInput(input));
const contentOf = (branch: string, path = file) => github.repository.git(['cat-file', 'blob', `${branch}:${path}`]);
const branchOf = ({ plan, step }: Change) => `watchkeeper/${plan}-${step}`;

describe('a change of files', () => {
  it('is what its dry run showed, waits for its checks, and is gone when it is taken back', async () => {
    const input = change([tag('1.3', '1.2')], { until: 'checked', withinMinutes: 1 });
    const dry = site.observationOf(await site.dryRun('github.change', input));
    expect(dry.stdout).toContain('-  tag: "1.3"\n+  tag: "1.2"\n');
    expect(dry.stdout).toContain(`Watchkeeper-Plan: ${input.plan} s1\nSigned-off-by: Watchkeeper <watchkeeper@acme.example>`);
    expect(await stateOf(input)).toMatchObject({ standing: 'none', branchCommit: null });

    github.repository.newChecks = [{ name: 'test', status: 'IN_PROGRESS', conclusion: null }];
    expect(await site.write('github.change', input)).toMatchObject({ status: 'ok' });
    const branch = branchOf(input);
    expect(await contentOf(branch)).toBe(values.replace('1.3', '1.2').trim());
    expect(await github.repository.git(['diff', '--stat', `main..${branch}`])).toContain('1 file changed, 1 insertion(+), 1 deletion(-)');
    const [pull] = github.repository.pulls;
    expect(pull).toMatchObject({
      title: 'Return web',
      head: branch,
      base: main,
      body: expect.stringContaining('- @everyone: 1.3 <crashes>'),
    });
    expect(await stateOf(input)).toMatchObject({ standing: 'open', present: true, request: { green: false, checks: { pending: 1 } } });
    Object.assign(pull?.checks[0] ?? {}, { status: 'COMPLETED', conclusion: 'SUCCESS' });
    const green: Expectation = { pointer: '/request/green', op: 'eq', value: true };
    await site.reaches('github.change_state', stateInput(input), [green], 5_000);

    const { until: _until, withinMinutes: _within, ...undo } = input as Record<string, unknown>;
    await perform(site, 'github.withdraw', undo);
    expect(await stateOf(input)).toMatchObject({ standing: 'closed', undone: true, branchCommit: null });
    expect(await contentOf(main)).toBe(values.trim());
  });

  it('that was made already is found, not made twice; other content of its branch is left alone', async () => {
    const input = change([tag('1.3', '1.1')]);
    expect(await site.write('github.change', input)).toMatchObject({ status: 'ok' });
    const count = github.repository.pulls.length;
    const tip = await github.repository.git(['rev-parse', branchOf(input)]);
    expect(await site.write('github.change', input)).toMatchObject({ status: 'ok', output: { commit: tip } });
    expect(github.repository.pulls).toHaveLength(count);
    expect(await site.write('github.change', { ...input, edits: [tag('1.3', '1.0')] })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('is there already, with other content'),
    });
    await site.write('github.withdraw', input);
  });

  it('takes a branch of its name for its own only where that holds what was approved, and nothing else, on what is in its base', async () => {
    const { git } = github.repository;
    github.repository.newChecks = [];
    const input = change([tag('1.3', '0.8')]);
    expect(await site.write('github.change', input)).toMatchObject({ status: 'ok' });
    const [branch, pull] = [`refs/heads/${branchOf(input)}`, github.repository.pulls.at(-1)];
    const ours = await git(['rev-parse', branch]);
    const message = await git(['log', '-1', '--format=%B', ours]);
    const made = (tree: string, words: string, ...parents: readonly string[]) =>
      git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'], `${words}\n`);
    const blob = await git(['hash-object', '-w', '--stdin'], 'kind: ClusterRoleBinding\n');
    const more = await git(['mktree'], `${await git(['ls-tree', ours])}\n100644 blob ${blob}\tmore.yaml\n`);
    const tree = `${ours}^{tree}`;
    const stranger = await made(`${main}^{tree}`, 'Not on main', main);
    const others = {
      'one more file': await made(more, message, main),
      'a base that is not in main': await made(tree, message, stranger),
      'no base': await made(tree, message),
      'a merge': await made(tree, message, main, stranger),
      'one more commit': await made(tree, message, await made(more, message, main)),
      'other words': await made(tree, `${message}\n[skip ci]`, main),
    };
    const before = await git(['rev-parse', main]);
    for (const [what, commit] of Object.entries(others)) {
      await git(['update-ref', branch, commit]);
      expect(await site.write('github.change_and_merge', input), what).toMatchObject({
        status: 'error',
        message: expect.stringMatching(/is there already, with other content than was approved.*delete/),
      });
      expect([await git(['rev-parse', main]), pull?.state], what).toEqual([before, 'OPEN']);
    }
    // Made before somebody else changed main: what is approved is on an older commit of it.
    await git(['update-ref', branch, ours]);
    await commitFile(github.repository, 'notes.md', 'Of somebody else.\n');
    await git(['update-ref', branch, others['one more file']]);
    expect(await site.write('github.change_and_merge', input)).toMatchObject({ status: 'error' });
    await git(['update-ref', branch, ours]);
    expect(await site.write('github.change_and_merge', input)).toMatchObject({ status: 'ok', output: { commit: ours } });
    expect(pull?.state).toBe('MERGED');
    expect([await contentOf(main), await contentOf(main, 'notes.md')]).toEqual([values.replace('1.3', '0.8').trim(), 'Of somebody else.']);
    await perform(site, 'github.withdraw', input);
    expect(await contentOf(main)).toBe(values.trim());
  });

  it('that people merged is taken back by another pull request', async () => {
    github.repository.newChecks = [];
    const input = change([tag('1.3', '1.2'), { ...tag('', ''), value: 'replicas', from: 3, to: 5 }], { until: 'merged', withinMinutes: 1 });
    expect(await site.write('github.change', input)).toMatchObject({ status: 'ok' });
    const pull = github.repository.pulls.at(-1);
    if (pull === undefined) throw new Error('no pull request');
    await mergeInto(github.repository, pull, 'SQUASH');
    expect(await stateOf(input)).toMatchObject({ standing: 'merged', present: true });
    expect(await contentOf(main)).toContain('replicas: 5');
    const { until: _until, withinMinutes: _within, ...undo } = input as Record<string, unknown>;
    expect(await (await siteWith(false)).write('github.withdraw', undo)).toMatchObject({ status: 'ok' });
    expect(await stateOf(input)).toMatchObject({ standing: 'reverting', undone: false });
    const revert = github.repository.pulls.at(-1);
    if (revert === undefined) throw new Error('no pull request');
    expect(revert.title).toBe('Revert: Return web');
    await mergeInto(github.repository, revert, 'SQUASH');
    expect(await stateOf(input)).toMatchObject({ standing: 'reverted', undone: true });
    expect(await contentOf(main)).toBe(values.trim());
  });

  it('is taken back once, whichever answer is lost, also where people have merged what takes it back', async () => {
    const { pulls } = github.repository;
    github.repository.newChecks = [];
    for (const lose of ['createPullRequest', 'mergePullRequest']) {
      const input = change([tag('1.3', '1.2')]);
      expect(await site.write('github.change_and_merge', input)).toMatchObject({ status: 'ok' });
      const count = pulls.length;
      github.lose = lose;
      await site.write('github.withdraw', input);
      expect([github.lose, pulls.length, pulls.at(-1)?.title]).toEqual([null, count + 1, 'Revert: Return web']);
      expect(await site.write('github.withdraw', input)).toMatchObject({ status: 'ok', output: { number: String(count + 1) } });
      expect([pulls.length, await stateOf(input)]).toMatchObject([count + 1, { standing: 'reverted' }]);
    }
    const [input, people] = [change([tag('1.3', '1.2')]), await siteWith(false)];
    expect(await site.write('github.change_and_merge', input)).toMatchObject({ status: 'ok' });
    github.lose = 'createPullRequest';
    expect(await people.write('github.withdraw', input)).toMatchObject({ status: 'error' });
    const count = pulls.length;
    expect(await people.write('github.withdraw', input)).toMatchObject({ status: 'ok', output: { number: String(count) } });
    const revert = pulls.at(-1);
    if (revert === undefined) throw new Error('no pull request');
    await mergeInto(github.repository, revert, 'SQUASH');
    expect(await people.write('github.withdraw', input)).toMatchObject({ status: 'ok', output: { number: String(count), commit: null } });
    expect([pulls.length, await contentOf(main)]).toEqual([count, values.trim()]);
  });

  it('may be merged by the rules of the repository, at the commit that was pushed', async () => {
    const { undo } = await perform(
      site,
      'github.change_and_merge',
      change([{ kind: 'kustomize_image', file: 'apps/api/kustomization.yaml', image: 'api', from: '7', to: '6' }], { withinMinutes: 1 }),
    );
    expect(await contentOf(main, 'apps/api/kustomization.yaml')).toBe('images:\n- name: api # ours\n  newTag: "6"');
    if (undo === null) throw new Error('no rollback');
    await perform(site, undo.operation, undo.input);
    expect(await contentOf(main, 'apps/api/kustomization.yaml')).toBe('images:\n- name: api # ours\n  newTag: "7"');
  });

  it.each([
    ['a value that is another by now', change([tag('1.4', '1.2')]), 'image.tag is "1.3", expected "1.4"'],
    ['a link', change([tag('1.3', '1.2', 'apps/web/link.yaml')]), 'is no regular file of main'],
    ['a folder', change([tag('1.3', '1.2', 'apps/web')]), 'is no regular file of main'],
    ['what is behind a link', change([tag('1.3', '1.2', 'apps/web/link.yaml/x')]), 'is no regular file of main'],
    ['a branch that is not there', change([tag('1.3', '1.2')], { base: 'ghost' }), 'ghost not found'],
    ['a repository that is not there', change([tag('1.3', '1.2')], { repository: 'acme/ghost' }), 'not found'],
  ])('of %s changes nothing', async (_, input, words) => {
    const before = await github.repository.git(['for-each-ref']);
    expect(await site.dryRun('github.change', input)).toMatchObject({ status: 'error', message: expect.stringContaining(words) });
    expect(await site.write('github.change', input)).toMatchObject({ status: 'error', message: expect.stringContaining(words) });
    expect(await github.repository.git(['for-each-ref'])).toBe(before);
  });

  it('leaves no branch behind that nobody asked for', async () => {
    const head = branchOf(change([]));
    // One of a fork, of the same name, is somebody else's.
    const foreign = { number: 900, title: 'Mine', body: '', base: main, head, createdAt: '2026-01-02T03:04:05Z', fork: true };
    github.repository.pulls.push({ ...foreign, state: 'OPEN', mergeCommit: null, autoMerge: false, checks: [] });
    plans -= 1;
    const input = change([tag('1.3', '1.2')]);
    expect(branchOf(input)).toBe(head);
    expect(await stateOf(input)).toMatchObject({ standing: 'none' });
    const denied = { pulls: github.repository.pulls };
    expect(denied.pulls.at(-1)?.fork).toBe(true);
    github.limited = true;
    expect(await site.write('github.change', input)).toMatchObject({ status: 'error' });
    github.limited = false;
    await site.reaches('github.change_state', stateInput(input), [{ pointer: '/branchCommit', op: 'eq', value: null }], 2_000);
    github.repository.pulls.pop();
  });
});

describe('a repository', () => {
  it('is read: pull requests, runs and their logs, commits, blame, deployments, releases', async () => {
    const since = '2020-01-01T00:00:00Z';
    expect(await site.output('github.pr_list', { repository, state: 'merged' })).toMatchObject({
      pulls: expect.arrayContaining([expect.objectContaining({ author: 'watchkeeper', state: 'merged' })]),
    });
    expect(await site.output('github.pr_get', { repository, number: 1 })).toMatchObject({
      number: 1,
      checks: { passing: 1, verdict: 'passing' },
    });
    expect(await site.output('github.run_list', { repository, branch: main })).toMatchObject({ runs: [{ run: 9001, workflow: 'CI' }] });
    expect(await site.output('github.run_get', { repository, run: 9001 })).toMatchObject({
      jobs: [{ name: 'build', failedSteps: ['Test'] }],
    });
    const logs = await site.output<{ text: string; omitted: number }>('github.run_logs', { repository, run: 9001, tail: 20 });
    expect(logs).toMatchObject({ omitted: 381, text: expect.stringContaining('line 400') });
    expect(logs.text).not.toContain('hunter2');
    expect(await site.output('github.commit_list', { repository, since, path: file, limit: 1 })).toMatchObject({
      commits: [{ subject: expect.stringContaining('Revert') }],
      more: true,
    });
    expect(await site.output('github.blame', { repository, at: main, path: file, fromLine: 1, toLine: 1 })).toMatchObject({
      lines: [{ from: 1, to: 1, author: 'Ann', subject: 'Begin' }],
    });
    expect(await site.output('github.deployment_list', { repository, environment: 'production' })).toMatchObject({
      deployments: [{ environment: 'production', by: 'ann' }],
    });
    expect(await site.output('github.release_list', { repository, limit: 1 })).toMatchObject({ releases: [{ tag: 'v1.3' }] });
  });

  it('is changed by reruns, merges and reverts', async () => {
    await perform(site, 'github.rerun', { repository, run: 9001 });
    const input = change([tag('1.3', '0.9')]);
    await site.write('github.change', input);
    const { request } = await stateOf(input);
    const [number, headCommit] = [request?.number ?? 0, request?.head ?? ''];
    expect(await site.write('github.merge', { repository, number, headCommit: 'f'.repeat(40) })).toMatchObject({ status: 'error' });
    await perform(site, 'github.merge', { repository, number, headCommit });
    expect(await contentOf(main)).toContain('tag: "0.9"');
    const { id } = await site.output<{ id: string }>('github.revert_state', { repository, number });
    await perform(site, 'github.revert', { repository, number, id, reason: 'it was worse' });
  });

  it('says what is wrong: not there, not allowed, not now', async () => {
    expect(await site.read('github.pr_get', { repository, number: 4711 })).toMatchObject({ status: 'error', code: 'not_found' });
    expect(await site.read('github.pr_list', { repository: 'acme/ghost' })).toMatchObject({ status: 'error', code: 'not_found' });
    expect(await site.read('github.run_get', { repository, run: 1 })).toMatchObject({ status: 'error', code: 'not_found' });
    expect(await site.read('github.pr_list', { repository: 'other/shop' })).toMatchObject({ status: 'error', code: 'context_unknown' });
    github.limited = true;
    expect(await site.read('github.pr_list', { repository })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('rate limit'),
    });
    expect(await site.read('github.release_list', { repository })).toMatchObject({
      status: 'error',
      message: expect.stringContaining('rate limit'),
    });
    github.limited = false;
    const { host, tokens, certificate: ca } = github;
    const swapped = await createTestSite({
      github: {
        host,
        ca,
        mergeReverts: false,
        author: { name: 'W', email: 'w@acme.example' },
        repositories: ['acme/*'],
        token: { read: ca, write: tokens.read },
      },
    });
    expect(await swapped.read('github.pr_list', { repository })).toMatchObject({ status: 'error' });
    expect(await swapped.write('github.rerun', { repository, run: 9001 })).toMatchObject({ status: 'error', code: 'forbidden' });
    expect(await swapped.write('github.change', change([tag('0.9', '1.2')]))).toMatchObject({ status: 'error', code: 'forbidden' });
  });

  it('is read with the credentials that cannot write', () => {
    const pushes = github.asked.filter(({ path, method }) => path.endsWith('git-receive-pack') && method === 'POST');
    expect(pushes.length).toBeGreaterThan(0);
    expect(new Set(pushes.map(({ token }) => token))).toEqual(new Set(['made-up-writer']));
    expect(github.asked.some(({ token, path }) => token === 'made-up-reader' && path.endsWith('git-upload-pack'))).toBe(true);
  });
});
