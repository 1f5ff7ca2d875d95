import type { SeenNode } from './model/cluster.ts';
import type { PodSpec, Requirement, Toleration } from './model/pod-spec.ts';

export type Obstacle =
  | 'node_selector_mismatch'
  | 'node_affinity_mismatch'
  | 'node_cordoned'
  | 'untolerated_taint'
  | 'insufficient_cpu'
  | 'insufficient_memory'
  | 'insufficient_resource'
  | 'anti_affinity_conflict'
  | 'pod_affinity_mismatch'
  | 'topology_spread'
  | 'host_port_taken'
  | 'volume_elsewhere'
  | 'scheduling_gated';

type Reason = Exclude<Obstacle, 'node_affinity_mismatch' | 'scheduling_gated'>;

/** The words of kube-scheduler's filter plugins. Source: kubernetes/pkg/scheduler/framework/plugins. */
const reasons: readonly (readonly [RegExp, Reason])[] = [
  [/node affinity\/selector|node\(s\) didn't match Pod's node affinity|didn't match node selector/i, 'node_selector_mismatch'],
  [/were unschedulable|node\.kubernetes\.io\/unschedulable/, 'node_cordoned'],
  [/untolerated taint|taints? .*didn't tolerate/, 'untolerated_taint'],
  [/Insufficient cpu/, 'insufficient_cpu'],
  [/Insufficient memory/, 'insufficient_memory'],
  [/Insufficient |Too many pods/, 'insufficient_resource'],
  [/anti-affinity/, 'anti_affinity_conflict'],
  [/pod affinity/, 'pod_affinity_mismatch'],
  [/topology spread/, 'topology_spread'],
  [/free ports/, 'host_port_taken'],
  [/volume node affinity|volume zone|max volume count/, 'volume_elsewhere'],
];

/** `3 Insufficient cpu, 1 node(s) were unschedulable`: how many nodes each reason excludes. */
export function refused(message: string): ReadonlyMap<Reason, number> {
  const [verdict = ''] = (message.split('nodes are available:')[1] ?? message).split(/\. preemption|\. no new claims/);
  const counts = new Map<Reason, number>();
  for (const part of verdict.split(/, (?=\d)/)) {
    const found = /^\s*(\d+) (.*)$/s.exec(part);
    const reason = reasons.find(([pattern]) => pattern.test(found?.[2] ?? ''))?.[1];
    // Control planes are closed to everybody, by taint.
    if (reason === undefined || /node-role\.kubernetes\.io/.test(part)) continue;
    counts.set(reason, (counts.get(reason) ?? 0) + Number(found?.[1]));
  }
  return counts;
}

export function holds({ key, operator, values }: Requirement, labels: SeenNode['labels']): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** Whoever asks for a host name means the node of that name, even where its label got lost. */
const labelsOf = ({ name, labels }: SeenNode) => ({ 'kubernetes.io/hostname': name, ...labels });
const bySelector = (spec: PodSpec, node: SeenNode) =>
  Object.entries(spec.nodeSelector).every(([key, value]) => labelsOf(node)[key as 'kubernetes.io/hostname'] === value);
const byAffinity = (spec: PodSpec, node: SeenNode) =>
  spec.nodeTerms.length === 0 || spec.nodeTerms.some((term) => term.every((requirement) => holds(requirement, labelsOf(node))));

function tolerated(taint: SeenNode['taints'][number], tolerations: readonly Toleration[]): boolean {
  if (taint.effect === 'PreferNoSchedule') return true;
  return tolerations.some(
    ({ key, operator, value, effect }) =>
      (key === null || key === taint.key) &&
      (effect === null || effect === taint.effect) &&
      (operator === 'Exists' || value === taint.value),
  );
}

/** Control planes take none of the workloads: that they would fit otherwise does not help. */
function workersOf(all: readonly SeenNode[]): readonly SeenNode[] {
  const open = all.filter(({ controlPlane }) => !controlPlane);
  return open.length > 0 ? open : all;
}

const welcomes = (spec: PodSpec, node: SeenNode) =>
  bySelector(spec, node) &&
  byAffinity(spec, node) &&
  !node.unschedulable &&
  node.taints.every((taint) => tolerated(taint, spec.tolerations));

/** Nodes whose labels, taints and cordons let the pod in. */
export const welcoming = (spec: PodSpec, all: readonly SeenNode[]): readonly SeenNode[] =>
  workersOf(all).filter((node) => welcomes(spec, node));

/** Of the nodes that the pod may choose, what stops it there; null: something else than their labels, taints and cordons. */
export function byNodes(spec: PodSpec, all: readonly SeenNode[]): Obstacle | null {
  const nodes = workersOf(all);
  const chosen = nodes.filter((node) => bySelector(spec, node) && byAffinity(spec, node));
  if (chosen.length === 0) {
    const selectable = nodes.some((node) => bySelector(spec, node));
    return Object.keys(spec.nodeSelector).length > 0 && (!selectable || spec.nodeTerms.length === 0)
      ? 'node_selector_mismatch'
      : 'node_affinity_mismatch';
  }
  if (chosen.every(({ unschedulable }) => unschedulable)) return 'node_cordoned';
  return chosen.some((node) => welcomes(spec, node)) ? null : 'untolerated_taint';
}

/**
 * Why no node takes the pod: the constraint that excludes the last nodes which the ones before left over. The scheduler counts a node under the
 * first filter that refuses it, so its counts alone do not tell.
 */
export function obstacle(message: string, spec: PodSpec | null, nodes: readonly SeenNode[]): Obstacle | null {
  const counts = new Map(refused(message));
  if (counts.size === 0) return null;
  const fromNodes = spec === null || nodes.length === 0 ? null : byNodes(spec, nodes);
  if (fromNodes !== null) return fromNodes;
  const closed = nodes.filter(({ controlPlane, unschedulable }) => controlPlane && unschedulable).length;
  const cordoned = counts.get('node_cordoned');
  if (cordoned !== undefined && counts.size > 1) counts.set('node_cordoned', Math.max(0, cordoned - (nodes.length === 0 ? 1 : closed)));
  // Labels were met by some node, as seen above: what stops the pod there is another reason. Where the pod was seen to ask for none, its wish was not.
  const seen = spec !== null && (Object.keys(spec.nodeSelector).length > 0 || spec.nodeTerms.length > 0);
  const other = [...counts].some(([reason, count]) => reason !== 'node_selector_mismatch' && count > 0);
  if (spec !== null && nodes.length > 0 && (seen ? counts.size > 1 : other)) counts.delete('node_selector_mismatch');
  const [first] = [...counts].toSorted(([, a], [, b]) => b - a);
  if (first?.[0] !== 'node_selector_mismatch') return first?.[0] ?? null;
  const asked = spec !== null && Object.keys(spec.nodeSelector).length === 0;
  return asked ? 'node_affinity_mismatch' : 'node_selector_mismatch';
}
