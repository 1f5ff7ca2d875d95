import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import type { SeenNode, SeenNodeService } from '../model/cluster.ts';
import type { SeenEvent } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

interface Part {
  readonly cause: string;
  readonly effect: string;
  readonly confidence: number;
}

/** What stops when a part of a node stops. The runtime takes the kubelet's readiness with it, so it ranks before it. */
const parts: Readonly<Record<string, Part>> = {
  containerd: {
    cause: 'container_runtime_down',
    effect: 'the kubelet cannot start or look after containers, and the node is soon not ready',
    confidence: 0.985,
  },
  'cri-o': {
    cause: 'container_runtime_down',
    effect: 'the kubelet cannot start or look after containers, and the node is soon not ready',
    confidence: 0.985,
  },
  crio: {
    cause: 'container_runtime_down',
    effect: 'the kubelet cannot start or look after containers, and the node is soon not ready',
    confidence: 0.985,
  },
  kubelet: { cause: 'kubelet_down', effect: 'nobody reports the node or starts its pods', confidence: 0.98 },
  'kube-proxy': {
    cause: 'kube_proxy_down',
    effect: 'the addresses of services lead nowhere, or to old pods, from this node',
    confidence: 0.97,
  },
  'kube-scheduler': { cause: 'scheduler_down', effect: 'new pods wait without a node', confidence: 0.975 },
  'kube-controller-manager': {
    cause: 'controller_manager_down',
    effect: 'nobody makes the pods of workloads, or the endpoints of services',
    confidence: 0.975,
  },
  'kube-apiserver': { cause: 'api_server_down', effect: 'nothing of the cluster can be changed or read', confidence: 0.975 },
  etcd: { cause: 'etcd_down', effect: 'the API server has nothing to read from', confidence: 0.98 },
};

function stopped(seen: SeenNodeService): Finding[] {
  const part = parts[seen.service.replace(/\.service$/, '')];
  if (part === undefined) return [];
  return [
    finding({
      analyzer: 'nodes',
      cause: part.cause,
      entity: { site: seen.site, kind: 'node', namespace: null, name: seen.node },
      title: `${seen.service} does not run on ${seen.node}`,
      mechanism: `Without ${seen.service}, ${part.effect}.`,
      refutedBy: `${seen.service} runs on ${seen.node}.`,
      confidence: part.confidence,
      evidence: [[seen, seen.detail]],
      facts: { service: seen.service },
    }),
  ];
}

const runtimeWords = /containerd\.sock|crio\.sock|docker\.sock|container runtime (is down|network not ready)|runtime\.v1\.RuntimeService/;

/** Of a node that is not ready: the words of its kubelet, or of the pods that it should start. */
function runtimeTrouble(snapshot: Snapshot, node: SeenNode): SeenEvent | undefined {
  const pods = new Set(snapshot.pods.filter(({ pod }) => pod.node === node.name).map(({ pod }) => pod.name));
  return snapshot.events.find(
    ({ warning, kind, name, message }) => warning && runtimeWords.test(message) && (kind === 'node' ? name === node.name : pods.has(name)),
  );
}

function unready(snapshot: Snapshot, node: SeenNode): Finding {
  const runtime = runtimeTrouble(snapshot, node);
  const silent = node.ready === null;
  const cause = runtime !== undefined ? 'container_runtime_down' : silent ? 'kubelet_down' : 'node_not_ready';
  const says =
    runtime !== undefined
      ? 'its container runtime does not answer'
      : silent
        ? 'its kubelet stopped reporting: it does not run, or cannot reach the API server'
        : 'its kubelet says that it is not ready';
  return finding({
    analyzer: 'nodes',
    cause,
    entity: { site: node.site, kind: 'node', namespace: null, name: node.name },
    title: `The node ${node.name} is not ready`,
    mechanism: `${node.name} is not ready, because ${says}. Its pods are taken out of their services, and replaced elsewhere after five minutes.`,
    refutedBy: 'The node is ready now.',
    confidence: runtime === undefined ? 0.9 : 0.965,
    evidence: [
      [node, `Ready is ${node.ready === null ? 'Unknown' : 'False'}`],
      ...(runtime === undefined ? [] : [[runtime, runtime.message] as const]),
    ],
  });
}

function pressed(node: SeenNode): Finding[] {
  return node.pressures.map((pressure) =>
    finding({
      analyzer: 'nodes',
      cause: `node_${pressure.replace(/Pressure$/, '').toLowerCase()}_pressure`,
      entity: { site: node.site, kind: 'node', namespace: null, name: node.name },
      title: `The node ${node.name} has ${pressure}`,
      mechanism: 'A node under pressure evicts pods and takes no new ones.',
      refutedBy: 'The condition is false now.',
      confidence: 0.85,
      evidence: [[node, `${pressure} is True`]],
    }),
  );
}

/** From one node no service can be reached, from another they can: its part of the services' network is broken. */
function cutOff(snapshot: Snapshot): Finding[] {
  const nodes = new Set(snapshot.reach.flatMap(({ from }) => from ?? []));
  return [...nodes].flatMap((name) => {
    const own = snapshot.reach.filter(({ from }) => from === name);
    const others = snapshot.reach.filter(({ from }) => from !== null && from !== name);
    const cut = own.length >= 3 && own.every(({ ok }) => !ok) && others.filter(({ ok }) => ok).length >= 3;
    const first = own[0];
    if (!cut || first === undefined) return [];
    return [
      finding({
        analyzer: 'nodes',
        cause: 'kube_proxy_down',
        entity: { site: first.site, kind: 'node', namespace: null, name },
        title: `No service can be reached from ${name}`,
        mechanism: `From ${name} no address of a service answers, from other nodes they do: kube-proxy does not keep its rules there.`,
        refutedBy: `A service answers on ${name}.`,
        confidence: 0.9,
        evidence: [[first, `${own.length} services were tried from ${name}, none answered`]],
      }),
    ];
  });
}

/** Taints of autoscalers and of clouds, for nodes that come and go: whoever runs them knows. */
const comingOrGoing =
  /^(ToBeDeletedByClusterAutoscaler|karpenter\.sh\/(disrupt|unregistered)|aws-node-termination-handler\/|cloud\.google\.com\/impending-node-termination|node\.cloudprovider\.kubernetes\.io\/(shutdown|uninitialized))/;

const passes = ({ taints }: SeenNode) => taints.some(({ key }) => comingOrGoing.test(key));

/** Nodes, and the services of a node on which its pods depend. */
export function nodes(snapshot: Snapshot): readonly Finding[] {
  const stoppedServices = snapshot.nodeServices.filter(({ active }) => !active).flatMap(stopped);
  const all = [
    ...stoppedServices,
    ...snapshot.nodes.filter((node) => node.ready !== true && !passes(node)).map((node) => unready(snapshot, node)),
    ...snapshot.nodes.flatMap(pressed),
    ...cutOff(snapshot),
  ];
  // The same by two ways is one finding: the surer of them.
  return [...new Map(all.toSorted((a, b) => a.confidence - b.confidence).map((one) => [one.id, one])).values()];
}
