import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, isCut, onePerOwner, podEntity, podEvents, specOf } from '../look.ts';
import type { SeenNode } from '../model/cluster.ts';
import type { PodSpec } from '../model/pod-spec.ts';
import type { SeenPod } from '../model/workload.ts';
import { byNodes, type Obstacle, obstacle } from '../obstacle.ts';
import { byRoom } from '../room.ts';
import type { Snapshot } from '../snapshot.ts';

const words: Record<Obstacle, { title: string; mechanism: string; refutedBy: string }> = {
  node_selector_mismatch: {
    title: 'asks for nodes by labels that none has',
    mechanism: 'No node carries the labels of its node selector, so the scheduler has nowhere to put the pod',
    refutedBy: 'A node with all labels of the selector exists and takes pods.',
  },
  node_affinity_mismatch: {
    title: 'requires nodes that do not exist',
    mechanism: 'No node meets the required node affinity, so the scheduler has nowhere to put the pod',
    refutedBy: 'A node that meets the affinity exists and takes pods.',
  },
  node_cordoned: {
    title: 'may only run on nodes that are cordoned',
    mechanism: 'The nodes that would fit are marked unschedulable, so no new pod gets onto them',
    refutedBy: 'A node that fits is not cordoned.',
  },
  untolerated_taint: {
    title: 'does not tolerate the taints of the nodes',
    mechanism: 'The nodes that would fit are tainted, and the pod has no toleration for it',
    refutedBy: 'A node without that taint would fit, or the pod tolerates it.',
  },
  insufficient_cpu: {
    title: 'asks for more CPU than any node has left',
    mechanism: 'Its CPU request does not fit into what is left of any node',
    refutedBy: 'A node has as much CPU unrequested as the pod asks for.',
  },
  insufficient_memory: {
    title: 'asks for more memory than any node has left',
    mechanism: 'Its memory request does not fit into what is left of any node',
    refutedBy: 'A node has as much memory unrequested as the pod asks for.',
  },
  insufficient_resource: {
    title: 'asks for a resource that no node has left',
    mechanism: 'Its request does not fit into what is left of any node',
    refutedBy: 'A node has as much of the resource left as the pod asks for.',
  },
  anti_affinity_conflict: {
    title: 'keeps away from pods that run on every node',
    mechanism: 'Its required pod anti-affinity excludes each node that would fit, because a pod that it avoids runs there',
    refutedBy: 'A node without such a pod would fit.',
  },
  pod_affinity_mismatch: {
    title: 'wants to be beside pods that do not run',
    mechanism: 'Its required pod affinity finds no node with such a pod',
    refutedBy: 'A node with such a pod has room.',
  },
  topology_spread: {
    title: 'cannot be spread as it demands',
    mechanism: 'Its topology spread constraints leave no node',
    refutedBy: 'A node would keep the skew within its limit.',
  },
  host_port_taken: {
    title: 'wants a host port that is taken on every node',
    mechanism: 'A pod with the same host port runs on each node that would fit',
    refutedBy: 'The host port is free on a node that fits.',
  },
  volume_elsewhere: {
    title: 'has a volume that no allowed node can reach',
    mechanism: 'Its volume is tied to a zone or node where the pod may not run',
    refutedBy: 'The volume can be attached to a node that fits.',
  },
  scheduling_gated: {
    title: 'is held back by a scheduling gate',
    mechanism: 'The scheduler does not look at a pod until every gate is removed, and nobody removed it',
    refutedBy: 'The pod has no gate any more.',
  },
};

const byLabels: ReadonlySet<Obstacle> = new Set(['node_selector_mismatch', 'node_affinity_mismatch', 'node_cordoned', 'untolerated_taint']);

/** What the scheduler says of a pod that it cannot place. */
export function refusal(snapshot: Snapshot, seen: SeenPod): { readonly message: string; readonly observation: string } | null {
  const event = podEvents(snapshot, seen).find(({ reason }) => reason === 'FailedScheduling');
  if (event !== undefined) return { message: event.message, observation: event.observation };
  const condition = seen.pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return condition?.message === undefined || condition.message === ''
    ? null
    : { message: condition.message, observation: seen.observation };
}

/** The scheduler judged, and its words were not seen: what the pod asks for and the nodes tell part of it. */
function unsaid(snapshot: Snapshot, seen: SeenPod, spec: PodSpec | null, nodes: readonly SeenNode[]): Obstacle | null {
  const judged = seen.pod.conditions.some(({ type, status }) => type === 'PodScheduled' && status === 'False');
  return !judged || spec === null || nodes.length === 0 ? null : (byNodes(spec, nodes) ?? byRoom(snapshot, seen, spec, nodes));
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const said = refusal(snapshot, seen);
  const spec = specOf(snapshot, seen);
  // Of the nodes that were not seen one may have what the pod asks for.
  const nodes = isCut(snapshot, seen.site, 'node', null) ? [] : snapshot.nodes.filter(({ site }) => site === seen.site);
  const gated = seen.pod.conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  const cause = gated ? 'scheduling_gated' : said === null ? unsaid(snapshot, seen, spec, nodes) : obstacle(said.message, spec, nodes);
  if (cause === null) return [];
  const { title, mechanism, refutedBy } = words[cause];
  // The scheduler names what a node lacks; which of the pod's wishes it is about, only the pod and the nodes tell.
  const told = !byLabels.has(cause) || (spec !== null && nodes.length > 0);
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'scheduling',
      cause,
      entity,
      title: `${entity.name} ${title}`,
      mechanism: said === null ? `${mechanism}.` : `${mechanism}: ${said.message}`,
      refutedBy,
      confidence: said === null && !gated ? 0.75 : told ? 0.93 : 0.7,
      evidence: [
        [seen, `${seen.pod.name} is ${seen.pod.phase} without a node`],
        ...(said === null ? [] : [[{ observation: said.observation, site: seen.site }, said.message] as const]),
      ],
    }),
  ];
}

/** Pods that no node takes, each with the constraint that excludes the last node. */
export function scheduling(snapshot: Snapshot): readonly Finding[] {
  const waiting = snapshot.pods.filter((seen) => inTrouble(seen) && seen.pod.phase === 'Pending' && seen.pod.node === null);
  return onePerOwner(waiting).flatMap((seen) => explain(snapshot, seen));
}
