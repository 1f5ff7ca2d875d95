import type { Entity, Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { ownerOf } from '../look.ts';
import type { Metric, SeenSignal } from '../model/signals.ts';
import type { Snapshot } from '../snapshot.ts';
import { delayOf, failing, has, increase, ofServices, type Suspect, saturated, slow, slowFactor, suspects } from '../suspects.ts';
import { callees, callers } from '../topology.ts';

/** Throttling holds a program up by periods of 0.1 s: who is later by more seconds than this is held up by something else. */
const beyondThrottling = 1;

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

function causeOf(snapshot: Snapshot, { signals }: Suspect): keyof typeof words {
  if (saturated(snapshot, signals)) return 'cpu_saturation';
  if (has(signals, 'cpu_throttling') !== undefined && delayOf(signals) < beyondThrottling) return 'cpu_saturation';
  if (has(signals, 'packet_loss', 'retransmissions') !== undefined) return 'network_loss';
  if (has(signals, 'memory') !== undefined) return 'memory_saturation';
  // Errors and less traffic at the same speed: what gets through is as fast as ever.
  return has(signals, 'errors') !== undefined && has(signals, 'latency') === undefined ? 'network_loss' : 'network_delay';
}

function service(snapshot: Snapshot, suspect: Suspect, rank: number): Finding[] {
  const { name, signals, explains } = suspect;
  const [first] = signals;
  if (first === undefined) return [];
  const cause = causeOf(snapshot, suspect);
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

const nodesOf = (snapshot: Snapshot, name: string) =>
  new Set(snapshot.pods.filter((seen) => ownerOf(seen).name === name).flatMap(({ pod }) => pod.node ?? []));

/** Of several nodes the one that most of the slow services run on, or call from another one. */
function mostCrossed(snapshot: Snapshot, nodes: readonly string[]): string | undefined {
  const late = [...ofServices(snapshot).values()].filter((signals) => signals.some(slow)).flatMap(([first]) => first?.entity ?? []);
  const crosses = (node: string) =>
    late.filter(({ namespace, name }) => {
      const own = nodesOf(snapshot, name);
      const others = callees(snapshot, namespace ?? '', name).map((callee) => nodesOf(snapshot, callee));
      return others.some((hosts) => own.has(node) !== hosts.has(node));
    }).length;
  return nodes.toSorted((a, b) => crosses(b) - crosses(a))[0];
}

/**
 * The node whose network is late or lossy, by the retransmissions of the nodes. Linux does not send a packet again that still waits in the
 * queue of its own host (skb_still_in_host_queue in net/ipv4/tcp_output.c): where a node delays what it sends, the others send again, not it.
 */
function node(snapshot: Snapshot, ranked: readonly Suspect[]): Finding[] {
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
  const delayed = lost === undefined && late && quiet.length > 0;
  // One that calls nobody, and explains who is slow, is late by its own network.
  const [root] = ranked;
  const alone =
    ranked.length === 1 && root !== undefined && callees(snapshot, root.signals[0]?.entity.namespace ?? '', root.name).length === 0;
  if (delayed && alone) return [];
  const most = signals.toSorted((a, b) => (b.current ?? 0) - (a.current ?? 0))[0];
  const name = delayed ? mostCrossed(snapshot, quiet) : (lost ?? most ?? first).entity.name;
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
      confidence: delayed && quiet.length > 1 ? 0.86 : 0.88,
      evidence: [[first, signals.map((signal) => `${signal.entity.name}: ${signal.words}`).join('; ')]],
    }),
  ];
}

/** Delays of one origin are alike, within this factor. */
const alike = 5;

/** Services that are late by themselves and alike, share nothing but their node, and are all on it. */
function shared(snapshot: Snapshot, suspected: readonly Suspect[]): Finding[] {
  const longest = Math.max(0, ...suspected.map(({ signals }) => delayOf(signals)));
  const found = suspected.filter(({ signals }) => delayOf(signals) * alike >= longest);
  const [first] = found.flatMap(({ signals }) => signals);
  const hosts = found.map(({ name }) => nodesOf(snapshot, name));
  const [host] = [...(hosts[0] ?? [])];
  const together = host != null && hosts.every((nodes) => nodes.size === 1 && nodes.has(host));
  const measured = found.every(({ factor }) => factor >= slowFactor);
  const starved = found.some(({ signals }) => saturated(snapshot, signals) || has(signals, 'cpu_throttling') !== undefined);
  if (found.length < 2 || first === undefined || !together || starved || !measured) return [];
  return [
    finding({
      analyzer: 'performance',
      cause: 'node_network_delay',
      entity: { site: first.site, kind: 'node', namespace: null, name: host },
      title: `The network of ${host} is late`,
      mechanism: `${found.map(({ name }) => name).join(', ')} are slow, wait for nobody who is, and share nothing but ${host}.`,
      refutedBy: 'A service on another node is as slow by itself.',
      // Two may be late at once for reasons of their own.
      confidence: found.length > 2 ? 0.86 : 0.6,
      evidence: [[first, found.flatMap(({ signals }) => signals.map(({ words: said }) => said)).join('; ')]],
    }),
  ];
}

const disturbed: readonly Metric[] = ['errors', 'throughput', 'packets', 'packet_loss', 'latency'];

/** Throttled in as many of its periods, it is held up most of the time. */
const mostly = 0.5;

/** A service that computes as much as it may, or is throttled, and is not known to be slow itself. */
function busy(snapshot: Snapshot, found: readonly Suspect[]): Finding[] {
  const byService = ofServices(snapshot);
  return [...byService.values()].flatMap((signals) => {
    const [first] = signals;
    const full = saturated(snapshot, signals);
    const measured = full || has(signals, 'cpu_throttling', 'memory') !== undefined;
    if (!measured || first === undefined || found.some(({ name }) => name === first.entity.name)) return [];
    const { namespace, name } = first.entity;
    const late = [...callers(snapshot, namespace ?? '', name)].filter((caller) =>
      byService.get(`${namespace ?? ''}/${caller}`)?.some(slow),
    );
    // Short bursts are throttled at any load, caches fill what memory they may: it matters where somebody waits, or fails.
    const throttled = has(signals, 'cpu_throttling');
    const matters =
      full || (throttled?.current ?? 0) >= mostly || found.length + late.length > 0 || has(signals, ...disturbed) !== undefined;
    if (!matters) return [];
    const rank = full && found.length === 0 ? (late.length > 0 ? 0 : 2) : signals.some(slow) ? 3 : 4;
    return service(snapshot, { name, signals, explains: late.length, weight: late.length, factor: 0 }, rank);
  });
}

/** What makes a service slow: its CPU, its network, or the network of its node. */
export function performance(snapshot: Snapshot): readonly Finding[] {
  const ranked = suspects(snapshot);
  const byNode = node(snapshot, ranked);
  return [
    ...(byNode.length > 0 ? byNode : shared(snapshot, ranked)),
    ...ranked.flatMap((suspect, rank) => service(snapshot, suspect, rank)),
    ...busy(snapshot, ranked),
    ...(ranked.length + byNode.length > 0 ? [] : failing(snapshot).flatMap((suspect) => service(snapshot, suspect, 4))),
  ];
}
