import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing, inTrouble, onePerOwner, podEntity, podEvents, specOf } from '../look.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

interface Missing {
  readonly cause: 'secret_missing' | 'config_map_missing' | 'config_key_missing';
  readonly name: string;
  readonly words: string;
  readonly observation: string;
}

const causes = { secret: 'secret_missing', configmap: 'config_map_missing' } as const;

/** In the words of the kubelet: of a container that it cannot make, or a volume that it cannot mount. */
function said(snapshot: Snapshot, seen: SeenPod): Missing | null {
  const waits = seen.pod.containers.flatMap(({ state }) => (state?.kind === 'waiting' ? [state] : []));
  const texts = [
    ...waits.map(({ message }) => ({ words: message ?? '', observation: seen.observation })),
    ...podEvents(snapshot, seen)
      .filter(({ warning }) => warning)
      .map(({ message, observation }) => ({ words: message, observation })),
  ];
  for (const { words, observation } of texts) {
    const key = /couldn't find key (\S+) in (?:Secret|ConfigMap) (\S+)/i.exec(words);
    if (key !== null) return { cause: 'config_key_missing', name: `${key[2]}: ${key[1]}`, words, observation };
    const absent = /references non-existent (?:secret|config) key: (\S+)/i.exec(words);
    if (absent !== null) return { cause: 'config_key_missing', name: absent[1] ?? '', words, observation };
    const missing = /(secret|configmap) "([^"]+)" not found/i.exec(words);
    if (missing === null) continue;
    const cause = missing[1]?.toLowerCase() === 'secret' ? 'secret_missing' : 'config_map_missing';
    return { cause, name: missing[2] ?? '', words, observation };
  }
  return null;
}

/** What the pod names, and what is not among the objects of the namespace. */
function listed(snapshot: Snapshot, seen: SeenPod): Missing | null {
  const started = seen.pod.containers.some(({ state }) => state?.kind === 'running');
  const references = specOf(snapshot, seen)?.containers.flatMap((container) => container.references) ?? [];
  const missing = references.find(
    ({ kind, name, optional }) => !optional && existing(snapshot, seen.site, kind, seen.pod.namespace)?.has(name) === false,
  );
  if (started || missing === undefined) return null;
  return {
    cause: causes[missing.kind],
    name: missing.name,
    words: `no ${missing.kind} ${missing.name} is listed`,
    observation: seen.observation,
  };
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const missing = said(snapshot, seen) ?? listed(snapshot, seen);
  if (missing === null) return [];
  const kind = missing.cause === 'secret_missing' ? 'secret' : 'configmap';
  // Created since: the kubelet tries again by itself.
  if (missing.cause !== 'config_key_missing' && existing(snapshot, seen.site, kind, seen.pod.namespace)?.has(missing.name) === true)
    return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'configuration',
      cause: missing.cause,
      entity,
      title: `${entity.name} needs configuration that does not exist: ${missing.name}`,
      mechanism: 'The kubelet makes no container whose configuration is missing, and tries again until it is there.',
      refutedBy: 'The object exists, and the container was made since.',
      confidence: 0.95,
      evidence: [
        [seen, `${seen.pod.name} is ${seen.pod.phase}`],
        [{ observation: missing.observation, site: seen.site }, missing.words],
      ],
      facts: { missing: missing.name },
    }),
  ];
}

/** Secrets, config maps and keys that a pod needs and that are missing. */
export function configuration(snapshot: Snapshot): readonly Finding[] {
  return onePerOwner(snapshot.pods.filter(inTrouble)).flatMap((seen) => explain(snapshot, seen));
}
