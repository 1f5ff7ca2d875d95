import type { Entity, Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { ownerOf } from '../look.ts';
import type { SeenSignal } from '../model/signals.ts';
import type { Snapshot } from '../snapshot.ts';
import { failing, has, increase, ofServices, type Suspect, slow, slowFactor, suspects } from '../suspects.ts';

/** Throttling holds a program up by periods of 100 ms: what is slower by more than this is held up by something else as well. */
const beyondThrottling = 50;

interface Words {
  readonly title: string;
  readonly mechanism: string;
  readonly refutedBy: string;
}

const words: Readonly<Record<'cpu_saturation' | 'memory_saturation' | 'network_delay' | 'network_loss', Words>> = {
  cpu_saturation: {
    title: 'has no CPU left',
    mechanism: 'It uses all the CPU that its limit allows and is throttled, so its answers take longer',
    refutedBy: 'It is not throttled, or as slow with more CPU.',
  },
  memory_saturation: {
    title: 'is short of memory',
    mechanism: 'It uses nearly all the memory that its limit allows, and spends its time on getting some back',
    refutedBy: 'It is as slow with more memory.',
  },
  network_delay: {
    title: 'answers late, though it has nothing to wait for',
    mechanism:
      'It is slow, no service that it calls is, and neither its CPU nor its memory is short: what is late is the network of its pods',
    refutedBy: 'It is as slow when it is asked from inside its own pod.',
  },
  network_loss: {
    title: 'loses packets',
    mechanism: 'Its packets are lost and sent again, so its answers come late or not at all',
    refutedBy: 'Its connections lose no packets.',
  },
};

function entityOf(snapshot: Snapshot, { entity, site }: SeenSignal): Entity {
  const workload = snapshot.workloads.find(({ name, namespace }) => name === entity.name && namespace === entity.namespace);
  return { site, kind: workload?.kind ?? 'service', namespace: entity.namespace, name: entity.name };
}

function causeOf({ signals, factor }: Suspect): keyof typeof words {
  if (has(signals, 'cpu') !== undefined) return 'cpu_saturation';
  if (has(signals, 'cpu_throttling') !== undefined && factor < beyondThrottling) return 'cpu_saturation';
  if (has(signals, 'packet_loss', 'retransmissions') !== undefined) return 'network_loss';
  if (has(signals, 'memory') !== undefined) return 'memory_saturation';
  // Errors and less traffic at the same speed: what gets through is as fast as ever.
  return has(signals, 'errors') !== undefined && has(signals, 'latency') === undefined ? 'network_loss' : 'network_delay';
}

function service(snapshot: Snapshot, suspect: Suspect, rank: number): Finding[] {
  const { name, signals, explains } = suspect;
  const [first] = signals;
  if (first === undefined) return [];
  const cause = causeOf(suspect);
  const { title, mechanism, refutedBy } = words[cause];
  return [
    finding({
      analyzer: 'performance',
      cause,
      entity: entityOf(snapshot, first),
      title: `${name} ${title}`,
      mechanism: `${mechanism}. ${explains} slow services wait for it.`,
      refutedBy,
      confidence: Math.max(0.4, 0.85 - rank * 0.1),
      // One observation may hold all the measures.
      evidence: [[first, signals.map((signal) => signal.words).join('; ')]],
      facts: { explains },
    }),
  ];
}

/**
 * The node whose network is late or lossy, by the retransmissions of the nodes. Linux does not send a packet again that still waits in the
 * queue of its own host (skb_still_in_host_queue in net/ipv4/tcp_output.c): where a node delays what it sends, the others send again, not it.
 */
function node(snapshot: Snapshot): Finding[] {
  const signals = snapshot.signals.filter(
    ({ entity, metric }) => entity.kind === 'node' && (metric === 'retransmissions' || metric === 'packet_loss'),
  );
  const [first] = signals;
  if (first === undefined) return [];
  const again = new Set(signals.map(({ entity }) => entity.name));
  const used = new Set(snapshot.pods.flatMap(({ pod }) => pod.node ?? []));
  const quiet = [...used].filter((name) => !again.has(name));
  const lost = has(signals, 'packet_loss');
  const late = snapshot.signals.some((signal) => signal.entity.kind !== 'node' && slow(signal) && increase(signal) > 5);
  const delayed = lost === undefined && late && quiet.length === 1;
  const most = signals.toSorted((a, b) => (b.current ?? 0) - (a.current ?? 0))[0];
  const name = delayed ? quiet[0] : (lost ?? most ?? first).entity.name;
  return [
    finding({
      analyzer: 'performance',
      cause: delayed ? 'node_network_delay' : 'node_network_loss',
      entity: { site: first.site, kind: 'node', namespace: null, name: name ?? first.entity.name },
      title: `The network of ${name} ${delayed ? 'is late' : 'loses packets'}`,
      mechanism: delayed
        ? `Other nodes send packets to ${name} again, and it does not: what it sends waits in its own queue. Everything that crosses it is slow.`
        : `${name} sends packets again, because they are lost. Everything that crosses it is slow.`,
      refutedBy: 'Connections between pods of other nodes are as slow.',
      confidence: 0.88,
      evidence: [[first, signals.map((signal) => `${signal.entity.name}: ${signal.words}`).join('; ')]],
    }),
  ];
}

/** Services that are slow by themselves, share nothing but their node, and are all on it. */
function shared(snapshot: Snapshot, found: readonly Suspect[]): Finding[] {
  const [first] = found.flatMap(({ signals }) => signals);
  const nodesOf = (name: string) => new Set(snapshot.pods.filter((seen) => ownerOf(seen).name === name).map(({ pod }) => pod.node));
  const hosts = found.map(({ name }) => nodesOf(name));
  const [host] = [...(hosts[0] ?? [])];
  const together = host != null && hosts.every((nodes) => nodes.size === 1 && nodes.has(host));
  const measured = found.every(({ factor }) => factor >= slowFactor);
  const starved = found.some(({ signals }) => has(signals, 'cpu', 'cpu_throttling') !== undefined);
  if (found.length < 2 || first === undefined || !together || starved || !measured) return [];
  return [
    finding({
      analyzer: 'performance',
      cause: 'node_network_delay',
      entity: { site: first.site, kind: 'node', namespace: null, name: host },
      title: `The network of ${host} is late`,
      mechanism: `${found.map(({ name }) => name).join(', ')} are slow, wait for nobody who is, and share nothing but ${host}.`,
      refutedBy: 'A service on another node is as slow by itself.',
      confidence: 0.86,
      evidence: [[first, found.flatMap(({ signals }) => signals.map(({ words: said }) => said)).join('; ')]],
    }),
  ];
}

/** A service that computes as much as it may, where latencies are not measured at all. */
function saturated(snapshot: Snapshot, found: readonly Suspect[]): Finding[] {
  const byService = ofServices(snapshot);
  return [...byService.values()].flatMap((signals) => {
    const measures = (['cpu_throttling', 'cpu', 'memory'] as const).filter((metric) => has(signals, metric) !== undefined).length;
    const [first] = signals;
    if (measures === 0 || first === undefined || found.some(({ name }) => name === first.entity.name)) return [];
    return service(snapshot, { name: first.entity.name, signals, explains: 0, factor: 0 }, signals.some(slow) ? 0 : 6 - 2 * measures);
  });
}

/** What makes a service slow: its CPU, its network, or the network of its node. */
export function performance(snapshot: Snapshot): readonly Finding[] {
  const ranked = suspects(snapshot);
  const byNode = node(snapshot);
  return [
    ...(byNode.length > 0 ? byNode : shared(snapshot, ranked)),
    ...ranked.flatMap((suspect, rank) => service(snapshot, suspect, rank)),
    ...saturated(snapshot, ranked),
    ...(ranked.length + byNode.length > 0 ? [] : failing(snapshot).flatMap((suspect) => service(snapshot, suspect, 4))),
  ];
}
