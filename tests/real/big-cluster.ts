import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { until } from './processes.ts';

export interface Size {
  readonly nodes: number;
  readonly namespaces: number;
  /** In each namespace. */
  readonly deployments: number;
  /** Of each deployment. */
  readonly replicas: number;
  /** Replica sets of former revisions that each deployment keeps. */
  readonly revisions: number;
}

type Spec = Record<string, unknown>;

/** As large as real ones are: settings, probes, volumes. */
const template = (app: string, podSpec: Spec = {}): Spec => ({
  metadata: { labels: { app, team: 'a', tier: 'backend' }, annotations: { 'example.com/config': 'f'.repeat(64) } },
  spec: {
    containers: [
      {
        ...{ name: 'app', image: `registry.example/shop/${app}:1.0.0`, ports: [{ name: 'http', containerPort: 8080 }] },
        env: Array.from({ length: 20 }, (_, index) => ({ name: `SETTING_${index}`, value: `value-of-setting-${index}-of-${app}` })),
        resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
        livenessProbe: { httpGet: { path: '/live', port: 8080 } },
        volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
      },
    ],
    volumes: [{ name: 'cache', emptyDir: {} }],
    ...podSpec,
  },
});

function deployment(name: string, replicas: number, podSpec: Spec = {}): Spec {
  const spec = { replicas, revisionHistoryLimit: 100, selector: { matchLabels: { app: name } }, template: template(name, podSpec) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels: { app: name } }, spec };
}

const service = (name: string, app: string): Spec => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
  spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
});

const node = (index: number): Spec => ({
  ...{ apiVersion: 'v1', kind: 'Node' },
  metadata: { name: `big-${index}`, labels: { 'kubernetes.io/hostname': `big-${index}`, disk: 'hdd', zone: `z${index % 3}` } },
});

function formerRevision(owner: { name: string; uid: string }, index: number): Spec {
  const hash = `old${index}`;
  const former = template(owner.name) as { metadata: { labels: object } };
  const labels = { ...former.metadata.labels, 'pod-template-hash': hash };
  return {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet' },
    metadata: {
      ...{ name: `${owner.name}-${hash}`, labels, annotations: { 'deployment.kubernetes.io/revision': `${index + 1}` } },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...owner, controller: true }],
    },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: { ...former, metadata: { ...former.metadata, labels } } },
  };
}

export const namespaceOf = (index: number): string => `big-${index}`;

/** A control plane with so much in it, all of it well. */
export async function startBigCluster(size: Size): Promise<ControlPlane> {
  const cluster = await startControlPlane({ big: true });
  try {
    await fill(cluster, size);
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function fill(cluster: ControlPlane, { nodes, namespaces, deployments, replicas, revisions }: Size): Promise<void> {
  const create = (items: readonly Spec[]) => cluster.create(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await create(Array.from({ length: nodes }, (_, index) => node(index)));
  for (let index = 0; index < namespaces; index += 1) {
    const namespace = namespaceOf(index);
    const names = Array.from({ length: deployments }, (_, number) => `app-${number}`);
    const placed = [...names.map((name) => deployment(name, replicas)), ...names.map((name) => service(name, name))];
    await create([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...placed.map((one) => inside(namespace, one))]);
    if (revisions === 0) continue;
    const uids = await cluster.kubectl([
      ...['get', 'deployments', `--namespace=${namespace}`],
      '-o=jsonpath={range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}',
    ]);
    const owners = uids
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name = '', uid = '']) => ({ name, uid }));
    await create(
      owners.flatMap((owner) => Array.from({ length: revisions }, (_, number) => inside(namespace, formerRevision(owner, number)))),
    );
  }
  await settled(cluster, namespaces * deployments * replicas);
}

const inside = (namespace: string, object: Spec): Spec => ({ ...object, metadata: { ...(object['metadata'] as Spec), namespace } });

/** Every pod runs. */
async function settled(cluster: ControlPlane, pods: number): Promise<void> {
  await until(`${pods} pods run`, 600_000, async () => {
    const counts = await cluster.kubectl(['get', 'deployments', '--all-namespaces', '-o=jsonpath={.items[*].status.readyReplicas}']);
    const ready = counts.split(' ').reduce((sum, one) => sum + Number(one), 0);
    if (ready < pods) throw new Error(`${ready} are ready`);
    return true;
  });
}

/** A deployment that no node takes, and a service that selects nothing: each one among thousands of objects. */
export async function plantInBigCluster(cluster: ControlPlane, namespace: string): Promise<void> {
  const objects = [deployment('checkout', 2, { nodeSelector: { disk: 'ssd' } }), deployment('payments', 2), service('payments', 'paymets')];
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects.map((one) => inside(namespace, one)) }));
  await until('the scheduler has refused', 60_000, async () => {
    const said = await cluster.kubectl([
      'get',
      'events',
      `--namespace=${namespace}`,
      '--field-selector=reason=FailedScheduling',
      '-o=name',
    ]);
    const ready = await cluster.kubectl(['get', 'deployment/payments', `--namespace=${namespace}`, '-o=jsonpath={.status.readyReplicas}']);
    return said.trim() !== '' && ready === '2' ? true : undefined;
  });
}
