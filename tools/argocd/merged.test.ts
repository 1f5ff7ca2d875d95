import { describe, expect, it } from 'vitest';
import { holds } from '../expect.ts';
import type { OneRequest } from '../operation.ts';
import { sampleSite } from '../testing/examples.ts';
import type { ApplicationState } from './application.ts';
import { nothingBegun } from './checks.ts';
import { comparing, newerThanDeployed, Proposed, unlessReplaced } from './merged.ts';
import { syncMerged } from './sync-merged.ts';

const [merged, found, tried] = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(40)];
const [repository, plan] = ['acme/shop', '11111111-2222-4333-8444-555555555555'];
const deploying = (forge: 'github' | 'gitlab') => ({
  application: 'web',
  change: Proposed.parse({ forge, repository, base: 'main', plan, step: 's1' }),
});

function application(deployed: readonly string[], attempted = deployed.at(-1)) {
  const history = deployed.map((revision, id) => ({ id, revision, deployedAt: '' }));
  const operationState = { phase: 'Succeeded', message: '', startedAt: '', syncResult: { revision: attempted } };
  return { metadata: { name: 'web', uid: 'u' }, spec: { project: 'default' }, status: { history, operationState } };
}

const request = {
  ...{ id: 'R', number: 1, url: 'https://x.example/1', state: 'MERGED', isDraft: false, isCrossRepository: false, headRefOid: found },
  ...{ mergeable: 'UNKNOWN', reviewDecision: null, mergeCommit: { oid: merged }, first: { nodes: [] }, last: { nodes: [] } },
};
const pull = (one: object) => ({ data: { repository: { base: null, branch: null, asked: { nodes: [one] }, reverted: { nodes: [] } } } });
const mergeRequest = {
  ...{ id: 1, iid: 1, title: 't', state: 'merged', web_url: 'https://x.example/1', draft: false, author: null, source_branch: 'b' },
  ...{ target_branch: 'main', created_at: '', merged_at: '', source_project_id: 1, target_project_id: 1 },
  ...{ sha: found, merge_commit_sha: merged, squash_commit_sha: null },
};

/** As the requests are answered, one after the other, each only where it is sent. */
function told(forge: 'github' | 'gitlab', of: readonly OneRequest[], answers: Readonly<Record<string, unknown>>): string {
  const all: Record<string, unknown> = {};
  for (const { name, fill } of of) all[name] = fill === undefined || fill(all) !== null ? (answers[name] ?? null) : null;
  expect(Object.keys(all).slice(0, 2)).toEqual(['application', 'change']);
  return newerThanDeployed({ stdout: JSON.stringify(all) }, deploying(forge));
}

const github = (answers: Readonly<Record<string, unknown>>) =>
  told('github', comparing(deploying('github'), sampleSite).of, { change: pull(request), ...answers });
const gitlab = (answers: Readonly<Record<string, unknown>>) =>
  told('gitlab', comparing(deploying('gitlab'), { ...sampleSite, gitlab: { ...sampleSite.gitlab, projects: ['acme/*'] } as never }).of, {
    change: [mergeRequest],
    ...answers,
  });

it('an operation that has begun since, whatever came of it, is no sign that nothing happened', () => {
  const operation = (startedAt: string) => ({ phase: 'Failed', message: '', startedAt, running: false });
  const state = (change: object) => ({ historyId: 3, operation: operation('t1'), ...change }) as ApplicationState;
  const untouched = (before: object, after: object) => nothingBegun(state(before)).every((one) => holds(one, state(after)));
  expect([untouched({}, {}), untouched({ operation: null }, { operation: null })]).toEqual([true, true]);
  expect([untouched({}, { operation: operation('t2') }), untouched({}, { historyId: 4 })]).toEqual([false, false]);
  expect(untouched({ operation: null }, { operation: operation('t1') })).toBe(false);
});

describe('what was merged', () => {
  it('is deployed where what is deployed is older, or the same', () => {
    expect(github({ application: application([found]), deployed: { status: 'behind' } })).toBe(merged);
    expect(github({ application: application([found, merged]) })).toBe(merged);
    const commits = [{ id: merged }];
    expect(gitlab({ application: application([found]), deployedLacks: { commits }, deployedAdds: { commits: [] } })).toBe(merged);
  });

  it.each([
    ['newer', () => github({ application: application([found]), deployed: { status: 'ahead' } }), 'holds the merged change'],
    ['on another line', () => github({ application: application([found]), deployed: { status: 'diverged' } }), 'another line'],
    [
      'older, and a newer one was tried',
      () => github({ application: application([found], tried), deployed: { status: 'behind' }, attempted: { status: 'ahead' } }),
      `to deploy ${tried}, which holds`,
    ],
    ['no commit', () => github({ application: application(['1.2.3']) }), '"1.2.3" deployed, which is no commit'],
    ['nothing', () => github({ application: application([]) }), 'nothing deployed'],
    ['not told about', () => github({ application: application([found]) }), 'unexpected'],
    [
      'newer at GitLab',
      () => gitlab({ application: application([found]), deployedLacks: { commits: [] }, deployedAdds: { commits: [{}] } }),
      'holds the merged change',
    ],
    [
      'on another line at GitLab',
      () => gitlab({ application: application([found]), deployedLacks: { commits: [{}] }, deployedAdds: { commits: [{}] } }),
      'another line',
    ],
  ])('is not where what is deployed is %s', (_, look, words) => expect(look).toThrow(words));

  it('is compared by its forge: one commit with the other', () => {
    const [, , first, second] = comparing(deploying('github'), sampleSite).of;
    const answers = { application: application([found], tried), change: pull(request) };
    expect(first?.command).toMatchObject({ path: '/repos/acme/shop/compare/%3Crange%3E' });
    expect([first?.fill?.(answers), second?.fill?.(answers)]).toEqual([
      { range: `${merged}...${found}` },
      { range: `${merged}...${tried}` },
    ]);
  });

  it('is taken back only where nobody has put something else in its place', () => {
    const { objection } = unlessReplaced(deploying('github'), sampleSite);
    const asked = (deployed: string, one: object = request) =>
      objection({ exitCode: 0, stdout: JSON.stringify({ application: application([deployed]), change: pull(one) }), stderr: '' });
    expect(asked(merged)).toBeNull();
    expect(asked(found)).toContain('it is left alone');
    expect(asked(merged, { ...request, state: 'OPEN' })).toBe('the change is not merged');
    expect(objection({ exitCode: 0, stdout: '{}', stderr: '' })).not.toBeNull();
    const before = syncMerged.stateOutput.parse({
      ...{ uid: 'u', project: 'p', source: null, destination: { cluster: 'c', namespace: 'n' }, sync: 'Synced', revision: found },
      ...{ health: 'Healthy', historyId: 3, deployedRevision: found, history: {}, operation: null, reconciledAt: null, conditions: [] },
      ...{ autoSync: { on: false, prune: false, selfHeal: false }, resources: { total: 1, outOfSync: 0, unhealthy: 0 } },
    });
    const { change } = deploying('github');
    expect(syncMerged.rollback?.({ application: 'web', namespace: 'n', name: 'web', change }, before)).toEqual({
      operation: 'argocd.rollback',
      input: { application: 'web', toId: 3, revision: found, change },
    });
  });
});
