import { specOf } from './look.ts';
import type { SeenNode } from './model/cluster.ts';
import type { AvoidedPods, ContainerSpec, PodSpec } from './model/pod-spec.ts';
import { selects } from './model/seen.ts';
import type { SeenPod } from './model/workload.ts';
import { holds, type Obstacle, welcoming } from './obstacle.ts';
import { quantity } from './quantity.ts';
import type { Snapshot } from './snapshot.ts';

/** Whoever says a limit only, asks for as much. */
const askedFor = ({ requests, limits }: ContainerSpec, resource: string) => quantity(requests[resource] ?? limits[resource] ?? null) ?? 0;

/** The containers alone: what runs before or beside them asks for more, never for less. */
function lacks({ containers }: PodSpec, { allocatable, requested }: SeenNode, resource: string): boolean {
  const whole = quantity(allocatable?.[resource] ?? null);
  const asked = containers.reduce((sum, container) => sum + askedFor(container, resource), 0);
  return whole !== null && asked > whole - (quantity(requested?.[resource] ?? null) ?? 0);
}

const picks = ({ labels, requirements }: AvoidedPods, own: SeenNode['labels']) =>
  (Object.keys(labels).length === 0 || selects(labels, own)) && requirements.every((one) => holds(one, own));

/** Whether the second is where the first may not be beside it. */
function keepsApart(snapshot: Snapshot, seen: SeenPod, other: SeenPod, node: SeenNode): boolean {
  const host = snapshot.nodes.find(({ site, name }) => site === other.site && name === other.pod.node);
  const together = ({ topologyKey }: AvoidedPods) => {
    if (topologyKey === 'kubernetes.io/hostname') return host?.name === node.name;
    const place = node.labels[topologyKey];
    return place !== undefined && host?.labels[topologyKey] === place;
  };
  const avoids = (one: SeenPod, another: SeenPod) =>
    specOf(snapshot, one)?.avoids.some((term) => together(term) && picks(term, another.detail?.labels ?? {})) === true;
  return avoids(seen, other) || avoids(other, seen);
}

function stops(snapshot: Snapshot, seen: SeenPod, spec: PodSpec, node: SeenNode): Obstacle | null {
  if (lacks(spec, node, 'cpu')) return 'insufficient_cpu';
  if (lacks(spec, node, 'memory')) return 'insufficient_memory';
  const others = snapshot.pods.filter(
    (other) =>
      other.site === seen.site &&
      other.pod.namespace === seen.pod.namespace &&
      other.pod.node !== null &&
      other.pod.phase !== 'Succeeded' &&
      other.pod.phase !== 'Failed',
  );
  return others.some((other) => keepsApart(snapshot, seen, other, node)) ? 'anti_affinity_conflict' : null;
}

/** What stops the pod on most of the nodes that would let it in; null: on one of them nothing does that is known. */
export function byRoom(snapshot: Snapshot, seen: SeenPod, spec: PodSpec, nodes: readonly SeenNode[]): Obstacle | null {
  const reasons = welcoming(spec, nodes).map((node) => stops(snapshot, seen, spec, node));
  if (reasons.includes(null)) return null;
  const [most] = [...Map.groupBy(reasons, (reason) => reason).values()].toSorted((a, b) => b.length - a.length);
  return most?.[0] ?? null;
}
