import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity, specOf } from '../look.ts';
import type { SeenLogTemplate } from '../model/signals.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** In the words of Linux, Node.js, Java, Go and Python. */
const inUse = /address already in use|EADDRINUSE|PortInUse|port (\d+) (?:is|was) already in use|bind: .*in use/i;

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const log: SeenLogTemplate | undefined = logsOf(snapshot, seen).find(({ sample }) => inUse.test(sample));
  if (log === undefined) return [];
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
