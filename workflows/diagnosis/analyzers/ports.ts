import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { containerFailure } from '../container-failure.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity, specOf } from '../look.ts';
import type { PodSpec } from '../model/pod-spec.ts';
import type { SeenLogTemplate } from '../model/signals.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** In the words of Linux, Node.js, Java, Go and Python. */
const inUse = /address already in use|EADDRINUSE|PortInUse|port (\d+) (?:is|was) already in use|bind: .*in use/i;

/** `{ "statusPort": 15020 }`, as JSON or YAML: where the sidecar of the mesh listens by the pod's own wish. */
const statusPort = /["']?statusPort["']?\s*:\s*["']?(\d{2,5})/;

/** The port that two containers of the pod want, by what the pod asks for. */
function wantedTwice({ annotations, containers }: PodSpec): number | null {
  const own = containers.flatMap(({ ports }) => ports.map(({ port, protocol }) => `${port}/${protocol}`));
  const sidecar = Object.entries(annotations).flatMap(([key, value]) => {
    const port = /istio\.io\//.test(key) ? statusPort.exec(value)?.[1] : undefined;
    return port === undefined ? [] : [`${port}/TCP`];
  });
  const all = [...own, ...sidecar];
  const twice = all.find((port, at) => all.indexOf(port) !== at);
  return twice === undefined ? null : Number.parseInt(twice, 10);
}

/** Where no log says so: the pod does not come up, and its containers want the same port. */
function declared(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const spec = specOf(snapshot, seen);
  const port = spec === null ? null : wantedTwice(spec);
  // One that only starts may well come up.
  const gaveUp = containerFailure(seen.pod) !== null || seen.pod.containers.some(({ restartCount }) => restartCount > 0);
  if (port === null || seen.pod.node === null || !gaveUp) return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'ports',
      cause: 'sidecar_port_conflict',
      entity,
      title: `Two containers of ${entity.name} want port ${port}`,
      mechanism: `The containers of a pod share one network: port ${port} is the program's and a sidecar's, so the one that comes second gives up.`,
      refutedBy: 'The program and the sidecar listen at different ports.',
      confidence: 0.8,
      evidence: [[seen, `${seen.pod.name} is not ready, and port ${port} is asked for twice`]],
      facts: { port, containers: spec?.containers.length ?? 0 },
    }),
  ];
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const log: SeenLogTemplate | undefined = logsOf(snapshot, seen).find(({ sample }) => inUse.test(sample));
  if (log === undefined) return declared(snapshot, seen);
  const shared = seen.pod.containers.filter(({ init }) => !init).length > 1;
  const entity = podEntity(seen);
  const port = /(?:port |:)(\d{2,5})\b[^\n]*in use/i.exec(log.sample)?.[1];
  return [
    finding({
      analyzer: 'ports',
      cause: shared ? 'sidecar_port_conflict' : 'port_conflict',
      entity,
      title: `${entity.name} cannot listen: its port is taken${port === undefined ? '' : ` (${port})`}`,
      mechanism: shared
        ? 'The containers of a pod share one network: a sidecar already listens at the port that the program wants, so the program gives up.'
        : 'Something already listens at the port that the program wants, so the program gives up.',
      refutedBy: 'No other container of the pod listens at that port.',
      confidence: 0.95,
      evidence: [
        [log, log.sample.slice(-480)],
        [seen, `${seen.pod.name} has ${seen.pod.containers.length} containers and is not ready`],
      ],
      facts: { ...(port === undefined ? {} : { port: Number(port) }), containers: specOf(snapshot, seen)?.containers.length ?? 0 },
    }),
  ];
}

/** Programs that give up because their port is taken, mostly by a sidecar. */
export function ports(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((seen) => explain(snapshot, seen));
}
