import type { ContainerSnapshot, ContainerState } from '../../../tools/kubernetes/pod-snapshot.ts';
import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { inTrouble, onePerOwner, podEntity, podEvents } from '../look.ts';
import type { SeenEvent, SeenPod } from '../model/workload.ts';
import { quantity } from '../quantity.ts';
import type { Snapshot } from '../snapshot.ts';

/** A pod that serves again is looked at for so long after its container was killed. */
const recentMinutes = 30;

const outOfMemory = /OOM-?killed|out of memory/i;

/** A container that serves again counts for as long as its end is recent; one that does not, in any case. */
function killed(state: ContainerState | null, { ready }: ContainerSnapshot, now: Date): boolean {
  // Too little even to start: the runtime's words are all there is.
  if (state !== null && state.kind !== 'running' && outOfMemory.test(state.message ?? '') && !ready) return true;
  if (state?.kind !== 'terminated' || state.reason !== 'OOMKilled') return false;
  return !ready || (state.finishedAt !== null && now.getTime() - Date.parse(state.finishedAt) < recentMinutes * 60_000);
}

/** The container that was killed for its memory, with what shows it. */
function victim(snapshot: Snapshot, seen: SeenPod): { container: ContainerSnapshot | undefined; event: SeenEvent | undefined } | null {
  const container = seen.pod.containers.find((one) => killed(one.state, one, snapshot.at) || killed(one.lastState, one, snapshot.at));
  const event = podEvents(snapshot, seen).find(({ warning, message }) => warning && outOfMemory.test(message));
  if (container !== undefined && (inTrouble(seen) || container.restartCount > 0)) return { container, event };
  return event !== undefined && inTrouble(seen) ? { container: undefined, event } : null;
}

/** No container can start with less. Source: linuxMinMemory in moby/daemon/daemon_unix.go; CRI-O wants twice as much. */
const leastToStart = 6 * 1024 * 1024;

/** Its limit is below what any container needs to start, it has a node, and nothing of it was started or complained of. */
function tooLittle(snapshot: Snapshot, seen: SeenPod): ContainerSnapshot | undefined {
  const { node, conditions, containers } = seen.pod;
  const sandbox = conditions.some(({ type, status }) => type === 'PodReadyToStartContainers' && status === 'True');
  if (!inTrouble(seen) || node === null || sandbox || podEvents(snapshot, seen).some(({ warning }) => warning)) return undefined;
  return containers.find(({ state, lastState, limits }) => {
    const limit = quantity(limits['memory'] ?? null);
    const creating = state?.kind === 'waiting' && state.reason === 'ContainerCreating' && lastState === null;
    return creating && limit !== null && limit < leastToStart;
  });
}

function silent(seen: SeenPod, container: ContainerSnapshot): Finding {
  const limit = container.limits['memory'] ?? '';
  const entity = podEntity(seen);
  return finding({
    analyzer: 'memory',
    cause: 'oom_killed',
    entity,
    title: `${entity.name} has too little memory to start`,
    mechanism: `Its memory limit of ${limit} is less than what a container needs to start at all: the kernel kills it before its program runs.`,
    refutedBy: 'It starts with the same limit, or something else keeps its container from being made.',
    confidence: 0.75,
    evidence: [[seen, `${seen.pod.name}: ${container.name} is not made, its memory limit is ${limit}`]],
    facts: { memoryLimit: limit, container: container.name },
  });
}

function explain(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const found = victim(snapshot, seen);
  if (found === null) {
    const container = tooLittle(snapshot, seen);
    return container === undefined ? [] : [silent(seen, container)];
  }
  const entity = podEntity(seen);
  const container = found.container ?? seen.pod.containers.find(({ init }) => !init);
  const limit = container?.limits['memory'];
  return [
    finding({
      analyzer: 'memory',
      cause: 'oom_killed',
      entity,
      title: `${entity.name} is killed for its memory`,
      mechanism: `It needs more than its memory limit${limit === undefined ? '' : ` of ${limit}`}, so the kernel kills it, and the kubelet starts it again.`,
      refutedBy: 'Its memory stays well below the limit, or it was killed by something else.',
      confidence: 0.95,
      evidence: [
        [
          seen,
          `${seen.pod.name}: ${found.container === undefined ? 'does not start' : `OOMKilled, ${found.container.restartCount} restarts`}`,
        ],
        ...(found.event === undefined ? [] : [[found.event, found.event.message] as const]),
      ],
      facts:
        container === undefined || limit === undefined ? {} : { memoryLimit: limit, ...(!container.init && { container: container.name }) },
    }),
  ];
}

/** Containers that the kernel killed because they needed more memory than their limit. */
export function memory(snapshot: Snapshot): readonly Finding[] {
  const suspects = snapshot.pods.filter((seen) => victim(snapshot, seen) !== null || tooLittle(snapshot, seen) !== undefined);
  return onePerOwner(suspects).flatMap((seen) => explain(snapshot, seen));
}
