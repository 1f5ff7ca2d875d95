import type { KubernetesObject } from '../render/object.ts';
import { age, table } from './print.ts';
import type { Resource } from './resources.ts';
import { reference } from './resources.ts';
import { valueAt } from './selectors.ts';

interface Columns {
  readonly header: readonly string[];
  readonly row: (object: KubernetesObject, now: number) => string[];
  readonly wideHeader?: readonly string[];
  readonly wide?: (object: KubernetesObject) => string[];
}

const number = (object: KubernetesObject, path: string) => String(valueAt(object, path) ?? 0);
const born = (object: KubernetesObject, now: number) => age(now - Date.parse(object.metadata.creationTimestamp));
const container = (object: KubernetesObject) =>
  (valueAt(object, 'spec.template.spec.containers.0') ?? {}) as { name?: string; image?: string };
const matchLabels = (object: KubernetesObject) =>
  Object.entries((valueAt(object, 'spec.selector.matchLabels') ?? {}) as Record<string, string>)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
const workloadWide = {
  wideHeader: ['CONTAINERS', 'IMAGES', 'SELECTOR'],
  wide: (object: KubernetesObject) => [container(object).name ?? '', container(object).image ?? '', matchLabels(object)],
};

const columns: Readonly<Record<string, Columns>> = {
  deployments: {
    header: ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE', 'AGE'],
    row: (object, now) => [
      object.metadata.name,
      `${number(object, 'status.readyReplicas')}/${number(object, 'spec.replicas')}`,
      number(object, 'status.updatedReplicas'),
      number(object, 'status.availableReplicas'),
      born(object, now),
    ],
    ...workloadWide,
  },
  replicasets: {
    header: ['NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE'],
    row: (object, now) => [
      object.metadata.name,
      number(object, 'spec.replicas'),
      number(object, 'status.replicas'),
      number(object, 'status.readyReplicas'),
      born(object, now),
    ],
    ...workloadWide,
  },
  statefulsets: {
    header: ['NAME', 'READY', 'AGE'],
    row: (object, now) => [
      object.metadata.name,
      `${number(object, 'status.readyReplicas')}/${number(object, 'spec.replicas')}`,
      born(object, now),
    ],
  },
  pods: {
    header: ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'],
    row: (object, now) => [
      object.metadata.name,
      `${valueAt(object, 'status.containerStatuses.0.ready') === true ? 1 : 0}/1`,
      podStatus(object),
      number(object, 'status.containerStatuses.0.restartCount'),
      born(object, now),
    ],
    wideHeader: ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
    wide: (object) => [String(valueAt(object, 'status.podIP')), String(valueAt(object, 'spec.nodeName')), '<none>', '<none>'],
  },
  services: {
    header: ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
    row: (object, now) => [
      object.metadata.name,
      'ClusterIP',
      String(valueAt(object, 'spec.clusterIP')),
      '<none>',
      `${number(object, 'spec.ports.0.port')}/TCP`,
      born(object, now),
    ],
  },
  events: {
    header: ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'],
    row: (object, now) => [
      age(now - Date.parse(String(object['lastTimestamp']))),
      String(object['type']),
      String(object['reason']),
      `${String(valueAt(object, 'involvedObject.kind')).toLowerCase()}/${valueAt(object, 'involvedObject.name')}`,
      String(object['message']),
    ],
  },
  nodes: {
    header: ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'],
    row: (object, now) => [
      object.metadata.name,
      'Ready',
      '<none>',
      born(object, now),
      String(valueAt(object, 'status.nodeInfo.kubeletVersion')),
    ],
  },
  namespaces: { header: ['NAME', 'STATUS', 'AGE'], row: (object, now) => [object.metadata.name, 'Active', born(object, now)] },
};
const plain: Columns = { header: ['NAME', 'AGE'], row: (object, now) => [object.metadata.name, born(object, now)] };

/** Terminating, the reason that the container waits for, or the phase: as the server prints it. */
export function podStatus(object: KubernetesObject): string {
  if (object.metadata['deletionTimestamp'] !== undefined) return 'Terminating';
  return String(valueAt(object, 'status.containerStatuses.0.state.waiting.reason') ?? valueAt(object, 'status.phase'));
}

export interface TableStyle {
  readonly wide: boolean;
  readonly headers: boolean;
  readonly withKind: boolean;
  readonly everywhere: boolean;
  readonly labels: boolean;
}

export function resourceTable(resource: Resource, objects: readonly KubernetesObject[], now: number, style: TableStyle): string {
  const { header, row, wideHeader = [], wide = () => [] } = columns[resource.plural] ?? plain;
  const space = style.everywhere && resource.namespaced;
  const head = [...(space ? ['NAMESPACE'] : []), ...header, ...(style.wide ? wideHeader : []), ...(style.labels ? ['LABELS'] : [])];
  const body = objects.map((object) => {
    const [first = '', ...rest] = row(object, now);
    const name = style.withKind && resource.plural !== 'events' ? reference(resource, first) : first;
    const labels = Object.entries(object.metadata.labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return [
      ...(space ? [object.metadata.namespace ?? ''] : []),
      name,
      ...rest,
      ...(style.wide ? wide(object) : []),
      ...(style.labels ? [labels] : []),
    ];
  });
  return table(style.headers ? [head, ...body] : body);
}
