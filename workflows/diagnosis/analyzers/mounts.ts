import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, onePerOwner, podEntity, podEvents } from '../look.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** Missing configuration is told by its own name. */
const configuration = /(secret|configmap) "[^"]+" not found|non-existent (secret|config) key/i;

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const events = podEvents(snapshot, seen).filter(
    ({ warning, reason }) => warning && /^Failed(AttachVolume|Mount|MapVolume)$/.test(reason),
  );
  const elsewhere = events.find(({ message }) => /Multi-Attach error|already (used|exclusively attached)/i.test(message));
  const event = elsewhere ?? events.find(({ message }) => !configuration.test(message));
  // Configuration that is missing says so in some of the events, and times out in others.
  const other = elsewhere === undefined && events.some(({ message }) => configuration.test(message));
  const started = seen.pod.containers.some(({ init, state }) => !init && state?.kind === 'running');
  if (event === undefined || other || started) return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'mounts',
      cause: elsewhere === undefined ? 'volume_mount_failed' : 'volume_multi_attach',
      entity,
      title: `${entity.name} waits for a volume that ${elsewhere === undefined ? 'cannot be mounted' : 'another node holds'}`,
      mechanism:
        elsewhere === undefined
          ? 'The kubelet starts no container before all volumes of the pod are mounted, and tries again until they are.'
          : 'A volume that one node may write to at a time is still attached to the node of another pod: until that one is gone, no container starts.',
      refutedBy: 'The volume is mounted, and the containers were started since.',
      confidence: elsewhere === undefined ? 0.8 : 0.92,
      evidence: [
        [event, event.message],
        [seen, `${seen.pod.name} is ${seen.pod.phase}`],
      ],
    }),
  ];
}

/** Pods whose volumes are not attached or mounted. */
export function mounts(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter((seen) => inTrouble(seen) && seen.pod.node !== null)).flatMap((seen) => explain(snapshot, seen));
}
