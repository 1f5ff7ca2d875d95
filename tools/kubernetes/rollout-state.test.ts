import { describe, expect, it } from 'vitest';
import { Deployment } from '../testing/deployment.ts';
import { rolledOutAt, rolloutBeganAt } from './rolled-out.ts';
import { RolloutState, rolloutState } from './rollout-state.ts';

const input = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;

function stateOf(stdout: string, of: Parameters<typeof rolloutState.parse>[1] = input): RolloutState {
  return RolloutState.parse(rolloutState.parse({ exitCode: 0, stdout, stderr: '' }, of));
}

function threeReleases(): Deployment {
  const deployment = new Deployment();
  for (const image of ['web:1', 'web:2', 'web:3']) {
    deployment.setImage(image);
    deployment.reconcile();
  }
  return deployment;
}

describe('kubernetes.rollout_state', () => {
  it('lists the revisions of this deployment alone, newest first', () => {
    const state = stateOf(threeReleases().list());
    expect(state.revisions.map(({ revision, images }) => [revision, images['web']])).toEqual([
      [3, 'web:3'],
      [2, 'web:2'],
      [1, 'web:1'],
    ]);
    expect(state).toMatchObject({
      uid: 'deployment-uid',
      revision: 3,
      templateHash: 'hash3',
      images: { web: 'web:3' },
      complete: true,
      waitingFor: null,
    });
  });

  it('says in what besides its images a revision is another', () => {
    const list = JSON.parse(threeReleases().list()) as {
      items: { kind: string; spec: { template: { spec: { containers: object[] } } } }[];
    };
    const last = list.items.find(({ kind }) => kind === 'ReplicaSet')?.spec.template.spec.containers[0];
    Object.assign(last ?? {}, { env: [{ name: 'MODE', value: 's3cret' }] });
    const { revisions } = stateOf(JSON.stringify(list));
    expect(revisions.map(({ differsIn }) => differsIn).toSorted()).toEqual([[], [], ['env of container web']]);
    expect(JSON.stringify(revisions)).not.toContain('s3cret');
  });

  it('names the wanted template before the controller has seen it', () => {
    const deployment = threeReleases();
    deployment.undo(2);
    expect(stateOf(deployment.list())).toMatchObject({
      templateHash: 'hash2',
      revision: 2,
      complete: false,
      generation: 4,
      observedGeneration: 3,
    });
  });

  it('names no revision while a new template has none', () => {
    const deployment = threeReleases();
    deployment.setImage('web:4');
    expect(stateOf(deployment.list())).toMatchObject({ templateHash: null, revision: 0, complete: false });
  });

  it.each([
    ['new pods are missing', { updatedReplicas: 1 }, '1 of 3 new replicas have been updated'],
    ['old pods are left', { replicas: 4 }, '1 old replicas are pending termination'],
    ['new pods are not available', { availableReplicas: 2 }, '2 of 3 updated replicas are available'],
  ])('is incomplete while %s', (_when, status, waitingFor) => {
    expect(stateOf(threeReleases().list(status))).toMatchObject({ complete: false, waitingFor });
  });

  it('says when the progress deadline is exceeded', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(stateOf(threeReleases().list({ conditions }))).toMatchObject({ complete: false, progressDeadlineExceeded: true });
  });

  describe('dates the rollout', () => {
    const progressing = (reason: string, set: string) => ({
      conditions: [
        { type: 'Progressing', reason, message: `ReplicaSet "${set}" …`, status: 'True', lastUpdateTime: '2026-01-02T08:00:00Z' },
      ],
    });
    const undone = (...revisions: number[]) => {
      const deployment = threeReleases();
      for (const revision of revisions) {
        deployment.undo(revision);
        deployment.reconcile();
      }
      return deployment;
    };
    const dated = (deployment: Deployment, status = {}) => {
      const state = stateOf(deployment.list(status));
      return [rolledOutAt(state), rolloutBeganAt(state)];
    };
    const known = '2026-01-02T08:00:00Z';

    it('by the replica set that was made for it', () => {
      const made = '2026-01-02T03:04:03Z';
      expect(dated(threeReleases(), progressing('NewReplicaSetAvailable', 'web-hash3'))).toEqual([made, made]);
    });

    it.each([
      ['ends', 'NewReplicaSetAvailable', 'web-hash2', known],
      ['is under way', 'ReplicaSetUpdated', 'web-hash2', known],
      ['is paused', 'DeploymentPaused', 'web-hash2', null],
      ['is new to the controller', 'NewReplicaSetAvailable', 'web-hash3', null],
    ])('by the deployment’s condition after an undo, which takes an old one: %s', (_when, reason, set, at) => {
      expect(dated(undone(2), progressing(reason, set))).toEqual([at, null]);
      expect(dated(undone(2))).toEqual([null, null]);
    });

    it('and not by the newest replica set where that was left and taken again', () => {
      expect(dated(undone(2, 3), progressing('NewReplicaSetAvailable', 'web-hash3'))).toEqual([known, null]);
    });
  });

  it('reads stateful sets and their controller revisions', () => {
    const template = (image: string): object => ({ metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image }] } });
    const revision = (number: number): object => ({
      kind: 'ControllerRevision',
      metadata: {
        name: `db-h${number}`,
        uid: `r${number}`,
        ownerReferences: [{ kind: 'StatefulSet', name: 'db', uid: 'db-uid' }],
        labels: { 'controller.kubernetes.io/hash': `h${number}` },
      },
      revision: number,
      data: { spec: { template: { $patch: 'replace', ...template(`db:${number}`) } } },
    });
    const set = {
      kind: 'StatefulSet',
      metadata: { name: 'db', uid: 'db-uid', generation: 2 },
      spec: { replicas: 2, template: template('db:2'), updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
      status: {
        observedGeneration: 2,
        replicas: 2,
        readyReplicas: 2,
        updatedReplicas: 1,
        currentRevision: 'db-h1',
        updateRevision: 'db-h2',
      },
    };
    const state = stateOf(JSON.stringify({ items: [set, revision(1), revision(2)] }), {
      kind: 'statefulset',
      namespace: 'shop',
      name: 'db',
    });
    expect(state).toMatchObject({ revision: 2, templateHash: 'h2', complete: false, waitingFor: '1 of 2 new pods have been updated' });
    expect(state.revisions.map(({ templateHash, replicas }) => [templateHash, replicas])).toEqual([
      ['h2', null],
      ['h1', null],
    ]);
  });

  it('says that a workload is not there', () => {
    expect(() => stateOf('{"items":[]}')).toThrow('deployment shop/web not found');
  });

  it.each(['', 'not json', '{"items":[{"kind":"Deployment","metadata":{"name":"web"}}]}'])(
    'refuses output that is no list of objects: %j',
    (stdout) => {
      expect(() => stateOf(stdout)).toThrow(expect.objectContaining({ code: 'output_malformed' }));
    },
  );
});
