import type { ContainerSnapshot, ContainerState } from '../../tools/kubernetes/pod-snapshot.ts';
import { mergeObjects } from './model/index.ts';
import type { SeenEvent, SeenPod } from './model/workload.ts';
import { readObjects } from './objects/index.ts';
import type { Snapshot } from './snapshot.ts';

export const at = new Date('2026-01-01T12:00:00.000Z');
const site = 'a';
const namespace = 'shop';
export const seen = (digit: string) => ({ observation: digit.repeat(64), site });
const place = { ...seen('1'), namespace };

const probe = { httpGet: { port: 8080, path: '/' }, initialDelaySeconds: 5, periodSeconds: 10 };

/** A deployment as the API server gives it; what is laid over its pod spec comes last. */
export function deployment(name: string, spec: object = {}, container: object = {}, ready = 1, replicas = 1): unknown {
  return {
    kind: 'Deployment',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          ...spec,
          containers: [
            {
              name: 'app',
              image: `registry.test/${name}:1`,
              ports: [{ containerPort: 8080 }],
              readinessProbe: probe,
              livenessProbe: probe,
              ...container,
            },
          ],
        },
      },
    },
    status: { readyReplicas: ready },
  };
}

export const service = (name: string, spec: object = {}): unknown => ({
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});

export const node = (name: string, spec: object = {}, labels: object = {}, ready = 'True'): unknown => ({
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
  spec,
  status: { conditions: [{ type: 'Ready', status: ready }] },
});

export const claim = (spec: object = {}, phase = 'Bound'): unknown => ({
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', resources: { requests: { storage: '1Gi' } }, ...spec },
  status: { phase },
});

export const volume = (spec: object = {}, phase = 'Bound', labels: object = {}): unknown => ({
  kind: 'PersistentVolume',
  metadata: { name: 'disk', labels },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', capacity: { storage: '1Gi' }, ...spec },
  status: { phase },
});

export const quota = (hard: object, used: object): unknown => ({
  kind: 'ResourceQuota',
  metadata: { name: 'limits', namespace },
  status: { hard, used },
});

const running: ContainerState = { kind: 'running', startedAt: '2026-01-01T11:00:00Z' };

export function pod(name: string, over: Partial<SeenPod['pod']> = {}, container: Partial<ContainerSnapshot> = {}): SeenPod {
  const ready = over.ready ?? true;
  return {
    ...seen('2'),
    pod: {
      namespace,
      name: `${name}-5d9c-x`,
      uid: name,
      phase: 'Running',
      reason: null,
      message: null,
      ready,
      deleting: false,
      node: 'worker-1',
      owner: { kind: 'ReplicaSet', name: `${name}-5d9c` },
      templateHash: '5d9c',
      startedAt: null,
      containers: [
        {
          name: 'app',
          init: false,
          image: `registry.test/${name}:1`,
          ready,
          restartCount: 0,
          state: running,
          lastState: null,
          limits: { memory: '128Mi' },
          ...container,
        },
      ],
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: ready ? 'True' : 'False' },
      ],
      ...over,
    },
    detail: { labels: { app: name }, ip: '10.0.0.1', spec: null },
  };
}

export const event = (name: string, reason: string, message: string, kind = 'pod', age = 10): SeenEvent => ({
  ...seen('3'),
  namespace,
  kind,
  name,
  warning: reason !== 'Killing',
  reason,
  message,
  count: 3,
  age,
});

const names = (kind: string, all: readonly string[], where: string | null = namespace) => ({
  ...seen('4'),
  kind,
  namespace: where,
  names: all,
});

/** A shop where everything works: `web` calls `api`, which has a database. */
export const healthyObjects: readonly unknown[] = [
  node('control', { unschedulable: true }, { 'node-role.kubernetes.io/control-plane': '' }),
  node('worker-1', {}, { disk: 'ssd' }),
  node('worker-2'),
  deployment('web', {}, { env: [{ name: 'API', value: 'http://api:80' }] }),
  deployment('api', { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] }, { envFrom: [{ secretRef: { name: 'api-db' } }] }),
  deployment('db', {}, { image: 'mysql:8', ports: [{ containerPort: 3306 }], readinessProbe: undefined, livenessProbe: undefined }),
  service('web'),
  service('api'),
  service('db', { ports: [{ port: 3306 }] }),
  claim(),
  volume({ claimRef: { namespace, name: 'data' } }),
  quota({ 'requests.cpu': '4', services: '10' }, { 'requests.cpu': '300m', services: '3' }),
];

export const healthyPods: readonly SeenPod[] = [pod('web'), pod('api'), pod('db')];

export interface Plant {
  /** Objects that take the place of those of the same kind and name, or come along. */
  readonly objects?: readonly unknown[];
  /** Pods that take the place of those of the same name. */
  readonly pods?: readonly SeenPod[];
  readonly without?: readonly string[];
  readonly more?: Partial<Snapshot>;
}

type Named = { kind: string; metadata: { name: string } };
const keyOf = (value: unknown) => `${(value as Named).kind}/${(value as Named).metadata.name}`;

/** The shop with something planted in it. */
export function shop({ objects = [], pods = [], without = [], more = {} }: Plant = {}): Snapshot {
  const replaced = new Set([...objects.map(keyOf), ...without]);
  const all = [...healthyObjects.filter((value) => !replaced.has(keyOf(value))), ...objects];
  const named = new Set(pods.map((one) => one.pod.name));
  const gone = new Set(without);
  const lists = {
    inventories: [
      names('secret', ['api-db']),
      names('configmap', []),
      names('serviceaccount', ['default']),
      names('persistentvolumeclaim', ['data']),
      names(
        'service',
        ['web', 'api', 'db'].filter((name) => !gone.has(`Service/${name}`)),
      ),
      names('storageclass', ['fast'], null),
    ],
  };
  const merged = mergeObjects([readObjects(all, place), lists, more]);
  return {
    at,
    ...merged,
    pods: [...healthyPods.filter((one) => !named.has(one.pod.name)), ...pods].filter((one) => !gone.has(one.pod.name)),
    rollouts: more.rollouts ?? [],
    errorRates: more.errorRates ?? [],
    pastRates: more.pastRates ?? [],
    logs: more.logs ?? [],
  };
}
