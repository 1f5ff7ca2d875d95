import { describe, expect, it } from 'vitest';
import { ApplicationState } from '../../tools/argocd/application.ts';
import { fileEdits } from '../../tools/git/edit.ts';
import { createRegistry } from '../../tools/registry.ts';
import type { PlanDraft } from '../contracts/plan.ts';
import type { Estate } from '../ports.ts';
import { byGit } from './by-git.ts';
import { GitOps } from './contract.ts';
import { partsOf } from './edits.ts';

const operations = createRegistry();
const repository = 'acme/deploy';
const where = { kind: 'deployment', namespace: 'shop', name: 'web' };

const revision = (number: number, images: Record<string, string>) => ({
  ...{ revision: number, name: `web-${number}`, templateHash: `h${number}`, images, createdAt: null, changeCause: null },
  ...{ replicas: 1, readyReplicas: 1 },
});

const rollout = (images: Record<string, string>, before: Record<string, string>, gitOwner: string | null = null) => ({
  ...{ uid: 'u', gitOwner, generation: 3, observedGeneration: 3, revision: 2, templateHash: 'h2', images },
  resources: { web: { requests: {}, limits: { memory: '256Mi' } } },
  replicas: { desired: 3, current: 3, updated: 3, ready: 3, available: 3, unavailable: 0 },
  ...{ paused: false, complete: false, waitingFor: 'x', restartedAt: null, progressDeadlineExceeded: false },
  revisions: [revision(2, images), revision(1, before)],
});

const application = (on: boolean): ApplicationState =>
  ApplicationState.parse({
    ...{ uid: 'a', project: 'default', source: null, destination: { cluster: 'c', namespace: 'shop' }, sync: 'Synced', revision: 'r' },
    ...{ health: 'Degraded', historyId: 4, deployedRevision: 'r', history: {}, operation: null, reconciledAt: null, conditions: [] },
    ...{ autoSync: { on, prune: false, selfHeal: false }, resources: { total: 2, outOfSync: 0, unhealthy: 1 } },
  });

const undo: PlanDraft['steps'][number] = {
  ...{ operation: 'kubernetes.rollout_undo', site: 'prod', input: { ...where, toRevision: 1 } },
  verification: [
    {
      ...{ title: 'Error rate', operation: 'prometheus.query', input: { expr: 'x' }, expect: [{ pointer: '/value', op: 'lt', value: 1 }] },
      ...{ withinSeconds: 120, stableSeconds: 5 },
    },
  ],
};

interface Given {
  readonly gitops?: unknown;
  readonly state?: unknown;
  readonly app?: ApplicationState;
  readonly systems?: readonly string[];
  readonly step?: PlanDraft['steps'][number];
  readonly goal?: string;
  readonly steps?: PlanDraft['steps'];
}

const [bad, good] = [{ web: 'r.example/shop/web:1.1' }, { web: 'r.example/shop/web:1.0' }];

function way({
  gitops,
  steps,
  state = rollout(bad, good, 'Argo CD application web'),
  app,
  systems = ['argocd', 'github'],
  step = undo,
  goal = 'Return web',
}: Given) {
  const service: Estate['services'][number] = {
    ...{ name: 'web', site: 'prod', namespace: 'shop', owners: [], errorRateQuery: null, errorRateLimit: 0.05, verifyWithinSeconds: 60 },
    ...{ channel: null, ...(gitops === undefined ? {} : { gitops: GitOps.parse(gitops) }) },
  };
  const draft: PlanDraft = { playbook: 'roll-back', goal, findings: ['f'], steps: [...(steps ?? [step])] };
  return byGit(draft, {
    operations,
    estate: { sites: [{ name: 'prod', environment: 'production', systems: ['kubernetes', ...systems] }], services: [service] },
    output: (_site, operation, input) =>
      operation === 'argocd.app_get'
        ? (input as { application: string }).application === 'web'
          ? app
          : undefined
        : operation === 'kubernetes.rollout_state'
          ? state
          : undefined,
  });
}

function drafted(given: Given): PlanDraft {
  const one = way(given);
  if (one.kind !== 'draft') throw new Error(one.words);
  return one.draft;
}

const editsOf = ({ steps: [first] }: PlanDraft) => first?.input['edits'] as unknown[];
const manifest = { repository, manifest: 'web.yaml' };
const scale = { operation: 'kubernetes.scale', site: 'prod', input: { ...where, replicas: 4, currentReplicas: 3 }, verification: [] };
const memory = {
  ...{ operation: 'kubernetes.set_resources', site: 'prod', verification: [] },
  input: { ...where, container: 'web', requests: {}, limits: { memory: '384Mi' } },
};

describe('a fix of what Git owns', () => {
  it('is a pull request and a sync, where Argo CD does not deploy by itself', () => {
    const { goal, steps } = drafted({ gitops: manifest, app: application(false) });
    expect(goal).toContain('by pull request to acme/deploy: Argo CD application web owns it');
    expect(steps).toMatchObject([
      {
        operation: 'github.change',
        input: { repository, base: 'main', until: 'merged', withinMinutes: 60, title: 'Return web' },
        verification: [],
      },
      {
        operation: 'argocd.sync_merged',
        input: { application: 'web', namespace: 'shop', name: 'web', change: { forge: 'github', repository, base: 'main', step: 's1' } },
        verification: [{ operation: 'kubernetes.rollout_state' }, { title: 'web is healthy' }, { title: 'Error rate' }],
      },
    ]);
    // What the plan completes is what the operations take.
    const of = { plan: '11111111-2222-4333-8444-555555555555', step: 's1', evidence: [] };
    for (const { operation, input } of steps) {
      const found = operations.get(operation);
      if (found?.kind !== 'write') throw new Error(operation);
      expect(found.input.safeParse(found.planned?.(input, of)).error).toBeUndefined();
    }
  });

  it('is for people where something else would be deployed with it', () => {
    const app = { ...application(false), sync: 'OutOfSync' };
    expect(way({ gitops: manifest, app })).toMatchObject({ kind: 'refused', words: expect.stringContaining('other differences') });
  });

  it('is a merge request where GitLab has the project', () => {
    const gitops = { ...manifest, forge: 'gitlab' as const, repository: 'acme/platform/deploy' };
    const { goal, steps } = drafted({ gitops, app: application(false) });
    expect(goal).toContain('by merge request to acme/platform/deploy');
    expect(steps).toMatchObject([
      { operation: 'gitlab.change', input: { repository: 'acme/platform/deploy', until: 'merged' } },
      { operation: 'argocd.sync_merged', input: { change: { forge: 'gitlab', repository: 'acme/platform/deploy' } } },
    ]);
    const of = { plan: '11111111-2222-4333-8444-555555555555', step: 's1', evidence: [] };
    for (const { operation, input } of steps) {
      const found = operations.get(operation);
      if (found?.kind !== 'write') throw new Error(operation);
      expect(found.input.safeParse(found.planned?.(input, of)).error).toBeUndefined();
    }
  });

  it('is watched as Argo CD deploys it, and as it takes it back, where it does by itself', () => {
    const [step, ...more] = drafted({ gitops: { ...manifest, merge: 'rules' }, app: application(true) }).steps;
    expect(more).toEqual([]);
    expect(step).toMatchObject({
      operation: 'github.change_and_merge',
      // Whether it helps is looked at once it is deployed, and the budgets count what the direct write would have reached.
      verification: [{ afterOthers: true, withinSeconds: 660 }, { title: 'web is healthy', afterOthers: true }, { title: 'Error rate' }],
      effect: { targets: 1, replicas: 3, percent: 100 },
      undone: [{ afterOthers: true, expect: [{ pointer: '/images/web', op: 'eq', value: bad.web }] }],
    });
    expect(step?.verification[0]?.expect).toContainEqual({ pointer: '/images/web', op: 'eq', value: good.web });
    // Without Argo CD, too: Flux, or a pipeline.
    expect(drafted({ gitops: manifest, systems: ['github'] }).steps).toHaveLength(1);
  });

  it.each([
    ['a tag in values', { image: { file: 'v.yaml', tag: 'image.tag' } }, undo, { kind: 'helm_value', from: '1.1', to: '1.0' }],
    ['a reference', { image: { file: 'v.yaml', reference: 'image' } }, undo, { kind: 'helm_value', from: bad.web, to: good.web }],
    ['kustomize', { image: { file: 'k.yaml', kustomize: 'w' } }, undo, { kind: 'kustomize_image', image: 'w', from: '1.1', to: '1.0' }],
    ['replicas', { replicas: { file: 'v.yaml', value: 'replicas' } }, scale, { kind: 'helm_value', value: 'replicas', from: 3, to: 4 }],
    ['resources', { resources: { file: 'v.yaml', value: 'res' } }, memory, { value: 'res.limits.memory', from: '256Mi', to: '384Mi' }],
    ['replicas of a manifest', { manifest: 'web.yaml' }, scale, { kind: 'yaml', path: ['spec', 'replicas'], from: 3, to: 4 }],
  ])('edits %s', (_, gitops, step, edit) => {
    expect(editsOf(drafted({ gitops: { repository, ...gitops }, step, app: application(false) }))).toMatchObject([edit]);
  });

  const differing = (...fields: readonly string[]) => {
    const state = rollout(bad, good);
    return { ...state, revisions: state.revisions.map((one) => ({ ...one, differsIn: one.revision === 1 ? fields : [] })) };
  };

  it.each([
    ['nothing else differs', differing(), 'Only its images are returned (web): nothing else of revision 1 differs'],
    [
      'more differs',
      differing('env of container web', 'volumes'),
      'Only its images are returned (web): what else of revision 1 differs stays as it is now: env of container web, volumes',
    ],
    [
      'a lot differs',
      differing(...Array.from({ length: 9 }, (_, index) => `label a${index}`)),
      'label a0, label a1, label a2, label a3, label a4 and 4 more',
    ],
    ['that is not known', rollout(bad, good), 'Only its images are returned (web): whether more of revision 1 differs is not known'],
  ])('says in its goal what of an earlier revision it returns, where %s', (_, state, words) => {
    expect(drafted({ gitops: { ...manifest, application: 'web' }, state, app: application(false) }).goal).toContain(words);
  });

  it('says so however long the goal is', () => {
    const given = { gitops: manifest, state: differing('volumes'), systems: ['github'], goal: 'Return it. '.repeat(45).trim() };
    const { goal } = drafted(given);
    expect(goal.length).toBeLessThanOrEqual(500);
    expect(goal).toMatch(/by pull request to acme\/deploy: .*stays as it is now: volumes$/);
    expect(drafted({ gitops: manifest, step: scale, app: application(false) }).goal).not.toContain('images');
  });

  it('edits a manifest so that it says what was asked for', () => {
    const [edit] = editsOf(drafted({ gitops: manifest, app: application(false) }));
    const text = `kind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: ${bad.web} # now\n`;
    const [file] = fileEdits([edit as never]);
    expect(file?.apply(text)).toBe(text.replace(bad.web, good.web));
  });

  it('of several steps on one service is one request that holds all of their edits', () => {
    const draft = drafted({ gitops: manifest, steps: [undo, scale, memory], app: application(false) });
    expect(editsOf(draft)).toMatchObject([
      { path: expect.arrayContaining(['image']), from: bad.web, to: good.web },
      { path: ['spec', 'replicas'], from: 3, to: 4 },
      { path: expect.arrayContaining(['memory']), from: '256Mi', to: '384Mi' },
    ]);
    expect(draft.steps.map(({ operation }) => operation)).toEqual(['github.change', 'argocd.sync_merged']);
    expect(draft.steps[0]?.effect).toMatchObject({ percent: 100, replicas: expect.any(Number) });
    expect(draft.steps[0]?.effect?.replicas).toBeGreaterThan(3);
    // All of it is seen, and what each step asked for is verified.
    const [complete, ...more] = draft.steps[1]?.verification ?? [];
    expect(complete?.expect).toEqual(
      expect.arrayContaining([
        { pointer: '/images/web', op: 'eq', value: good.web },
        { pointer: '/replicas/desired', op: 'eq', value: 4 },
        { pointer: '/resources/web/limits/memory', op: 'eq', value: '384Mi' },
      ]),
    );
    expect(more).toMatchObject([{ title: 'web is healthy' }, { title: 'Error rate' }]);
  });

  const restart = { operation: 'kubernetes.rollout_restart', site: 'prod', input: where, verification: [] };
  it.each([
    ['one is no change of a file', [undo, restart], 'several steps, and not all of them'],
    [
      'one is of another workload',
      [undo, { ...scale, input: { ...scale.input, kind: 'statefulset' } }],
      'several steps, and not all of them',
    ],
    ['one is of no service', [scale, { ...undo, input: { ...undo.input, name: 'api' } }], 'several steps, and not all of them'],
    ['two are of one value', [scale, { ...scale, input: { ...scale.input, replicas: 5 } }], 'two of its steps change the same value'],
    ['one changes nothing', [undo, { ...scale, input: { ...scale.input, replicas: 3 } }], 'already'],
  ])('of several steps is not proposed where %s', (_, steps, words) => {
    const refused = way({ gitops: manifest, steps, app: application(false) });
    expect(refused).toMatchObject({ kind: 'refused', words: expect.stringContaining(words) });
  });

  const digest = `sha256:${'a'.repeat(64)}`;
  const values = { repository, image: { file: 'v.yaml', tag: 'image.tag' } };
  it.each([
    ['how the rollout stands is not known', { gitops: manifest, state: null }, 'could not be read'],
    ['how the application stands is not known', { gitops: manifest }, 'application web of Argo CD stands could not be read'],
    ['no file says it', { gitops: values, step: scale }, 'does not say where the number of replicas stands'],
    ['the images are the same', { gitops: manifest, state: rollout(good, good) }, 'has the same images'],
    [
      'only the rest is another',
      { gitops: manifest, state: { ...differing('volumes'), images: good } },
      'what differs is volumes, which people have to change there',
    ],
    ['the revision is gone', { gitops: manifest, state: { ...rollout(bad, good), revisions: [] } }, 'revision 1 is not kept any more'],
    ['it is another image', { gitops: values, state: rollout(bad, { web: 'x/web:1.0' }) }, 'would be another'],
    ['a digest decides', { gitops: values, state: rollout({ web: `${bad.web}@${digest}` }, good) }, 'a digest decides'],
    [
      'it is of another container',
      { gitops: values, state: rollout({ ...bad, side: 'b:2' }, { ...good, side: 'b:1' }) },
      'image of container',
    ],
    [
      'no file says such a thing',
      { gitops: manifest, step: { ...undo, operation: 'kubernetes.annotate', input: { ...where, set: { a: 'b' } } } },
      'is nothing that a file says',
    ],
  ])('is not proposed where %s', (_, given, words) => {
    const app = words.includes('application web of') ? {} : { app: application(false) };
    const one = way({ ...app, ...(given as Given) });
    expect(one).toMatchObject({ kind: 'refused', words: expect.stringContaining(words) });
    expect(one).toMatchObject({ words: expect.stringContaining('Git (acme/deploy) says what web is') });
  });

  it('stays a direct write where configuration says nothing of Git, and where Git says nothing of it', () => {
    expect(drafted({}).steps).toEqual([undo]);
    expect(drafted({ gitops: manifest, step: restart }).steps).toEqual([restart]);
  });
});

it.each([
  ['web', { name: 'web', tag: null, digest: null }],
  ['r.example:5000/web', { name: 'r.example:5000/web', tag: null, digest: null }],
  ['r.example:5000/web:1@sha256:a', { name: 'r.example:5000/web', tag: '1', digest: 'sha256:a' }],
])('the parts of %s', (reference, parts) => {
  expect(partsOf(reference)).toEqual(parts);
});
