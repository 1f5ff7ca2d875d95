/**
 * Lists as `kubectl get -o json` prints them, made small. `Deployment` moves as kubectl and the deployment
 * controller move it: undo copies a revision's template, the controller then gives that replica set a new number.
 */
type Json = Record<string, unknown>;

interface Kept {
  readonly hash: string;
  readonly image: string;
  revision: number;
  /** Numbers that it had before. */
  readonly had: number[];
}

export class Deployment {
  private readonly kept: Kept[] = [];
  private image = '';
  private generation = 0;
  private observedGeneration = 0;

  /** A change of the template, not yet seen by the controller. */
  setImage(image: string): void {
    this.image = image;
    this.generation += 1;
  }

  /** `kubectl rollout undo --to-revision`: refuses numbers that no replica set has. */
  undo(revision: number): void {
    const target = this.kept.find((item) => item.revision === revision);
    if (target === undefined) throw new Error(`unable to find specified revision ${revision} in history`);
    this.setImage(target.image);
  }

  /** The controller: a known template gets the next number, a new one a replica set. */
  reconcile(): void {
    const next = Math.max(0, ...this.kept.map(({ revision }) => revision)) + 1;
    const same = this.kept.find(({ image }) => image === this.image);
    if (same === undefined) this.kept.push({ hash: `hash${this.kept.length + 1}`, image: this.image, revision: next, had: [] });
    else if (same.revision !== next - 1) {
      same.had.push(same.revision);
      same.revision = next;
    }
    this.observedGeneration = this.generation;
  }

  list(status: Json = {}): string {
    const current = Math.max(...this.kept.map(({ revision }) => revision));
    const deployment = {
      kind: 'Deployment',
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'deployment-uid',
        generation: this.generation,
        annotations: { 'deployment.kubernetes.io/revision': `${current}` },
      },
      spec: { replicas: 3, template: template(this.image) },
      status: {
        observedGeneration: this.observedGeneration,
        replicas: 3,
        updatedReplicas: 3,
        readyReplicas: 3,
        availableReplicas: 3,
        ...status,
      },
    };
    return JSON.stringify({ kind: 'List', items: [deployment, ...this.kept.map(replicaSet), otherReplicaSet] });
  }
}

function template(image: string, hash?: string): Json {
  const labels = { app: 'web', ...(hash === undefined ? {} : { 'pod-template-hash': hash }) };
  return { metadata: { labels, creationTimestamp: null }, spec: { containers: [{ name: 'web', image, resources: {} }] } };
}

function replicaSet({ hash, image, revision, had }: Kept, index: number): Json {
  return {
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${hash}`,
      namespace: 'shop',
      uid: `uid-${hash}`,
      creationTimestamp: `2026-01-02T03:04:0${index + 1}Z`,
      labels: { app: 'web', 'pod-template-hash': hash },
      annotations: {
        'deployment.kubernetes.io/revision': `${revision}`,
        ...(had.length === 0 ? {} : { 'deployment.kubernetes.io/revision-history': had.join(',') }),
      },
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'deployment-uid', controller: true }],
    },
    spec: { template: template(image, hash) },
    status: { replicas: 0 },
  };
}

/** Same labels, another owner. */
const otherReplicaSet: Json = {
  kind: 'ReplicaSet',
  metadata: {
    name: 'other-x',
    uid: 'other',
    labels: { app: 'web', 'pod-template-hash': 'x' },
    annotations: { 'deployment.kubernetes.io/revision': '99' },
    ownerReferences: [{ kind: 'Deployment', name: 'other', uid: 'other-uid' }],
  },
  spec: { template: template('other:1', 'x') },
  status: {},
};
