import type { Probe } from '../contracts/activities.ts';
import { containerFailure } from './container-failure.ts';
import type { SeenPod, Snapshot } from './snapshot.ts';

/** Logs of at most this many crashing pods are read, one per owner. */
const maximumLogs = 3;

function crashing(snapshot: Snapshot): readonly SeenPod[] {
  const byOwner = new Map<string, SeenPod>();
  for (const seen of snapshot.pods) {
    if (containerFailure(seen.pod)?.cause !== 'crash_loop') continue;
    const owner = `${seen.site}/${seen.pod.namespace}/${seen.pod.owner?.name ?? seen.pod.name}`;
    if (!byOwner.has(owner)) byOwner.set(owner, seen);
  }
  return [...byOwner.values()].slice(0, maximumLogs);
}

/** Reads that would say more about what was found: why crashing containers end. */
export function followUps(snapshot: Snapshot): readonly Probe[] {
  return crashing(snapshot).map(({ site, pod }) => {
    const container = containerFailure(pod)?.container;
    return {
      site,
      title: `Log of ${pod.name} before its last restart`,
      operation: 'kubernetes.logs',
      input: { namespace: pod.namespace, pod: pod.name, ...(container === undefined ? {} : { container }), previous: true, tail: 50 },
    };
  });
}
