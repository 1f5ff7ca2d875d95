import { podEvent } from './events.ts';
import { faultOf } from './faults.ts';
import { nextSuffix, nextUid, nextVersion } from './identity.ts';
import { type EstateState, namespace, nodeName, type PodState, type ReplicaSetState } from './state.ts';

/** Milliseconds. A real cluster takes seconds to minutes; a person who tries the sandbox should not have to wait. */
export const timing = { start: 500, ready: 1000, terminate: 300, crashAfter: 200, firstBackoff: 10_000, maxBackoff: 300_000, observe: 50 };

export function createPod(state: EstateState, set: ReplicaSetState, at: number): PodState {
  const pod: PodState = {
    name: `${set.name}-${nextSuffix(state)}`,
    uid: nextUid(state),
    owner: { kind: 'ReplicaSet', name: set.name, uid: set.uid },
    hash: set.hash,
    createdAt: at,
    resourceVersion: nextVersion(state),
    template: set.template,
    ip: `10.244.0.${10 + (state.counter % 240)}`,
    fault: faultOf(set.template),
    stage: 'pending',
    readyAt: null,
    attempts: 0,
    deletedAt: null,
  };
  state.pods.push(pod);
  podEvent(state, at, pod, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${pod.name} to ${nodeName}`);
  return pod;
}

/** When the container starts for the n-th time (0 is the first): exponential backoff as the kubelet's, 10 s doubling up to 5 min. */
export function startOfAttempt(pod: PodState, attempt: number): number {
  let at = pod.createdAt + timing.start;
  for (let index = 0; index < attempt; index += 1) {
    at += timing.crashAfter + (index === 0 ? 0 : Math.min(timing.firstBackoff * 2 ** (index - 1), timing.maxBackoff));
  }
  return at;
}

/** The next instant at which this pod changes by itself; null when it stays as it is. */
export function nextChange(pod: PodState): number | null {
  if (pod.deletedAt !== null) return pod.deletedAt + timing.terminate;
  if (pod.fault?.kind === 'image_pull') return pod.attempts === 0 ? pod.createdAt + timing.start : null;
  if (pod.fault) return startOfAttempt(pod, pod.attempts);
  if (pod.stage === 'pending') return pod.createdAt + timing.start;
  return pod.stage === 'started' ? pod.createdAt + timing.ready : null;
}

/** Brings one pod to what it is at `at`. Returns false for a pod that is gone. */
export function advancePod(state: EstateState, pod: PodState, at: number): boolean {
  const due = nextChange(pod);
  if (due === null || due > at) return true;
  if (pod.deletedAt !== null) return false;
  pod.resourceVersion = nextVersion(state);
  if (pod.fault?.kind === 'image_pull') pullFails(state, pod, due);
  else if (pod.fault) containerCrashes(state, pod, due);
  else if (pod.stage === 'pending') containerStarts(state, pod, due);
  else {
    pod.stage = 'ready';
    pod.readyAt = due;
  }
  return true;
}

function containerStarts(state: EstateState, pod: PodState, at: number): void {
  const { name, image } = pod.template.container;
  podEvent(state, at, pod, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
  podEvent(state, at, pod, 'Normal', 'Created', `Created container: ${name}`);
  podEvent(state, at, pod, 'Normal', 'Started', `Started container ${name}`);
  pod.attempts += 1;
  pod.stage = 'started';
}

function containerCrashes(state: EstateState, pod: PodState, at: number): void {
  containerStarts(state, pod, at);
  const message = `Back-off restarting failed container ${pod.template.container.name} in pod ${pod.name}_${namespace}(${pod.uid})`;
  podEvent(state, at + timing.crashAfter, pod, 'Warning', 'BackOff', message);
}

function pullFails(state: EstateState, pod: PodState, at: number): void {
  const { image } = pod.template.container;
  pod.attempts = 1;
  podEvent(state, at, pod, 'Normal', 'Pulling', `Pulling image "${image}"`);
  podEvent(
    state,
    at,
    pod,
    'Warning',
    'Failed',
    `Failed to pull image "${image}": ${pod.fault?.kind === 'image_pull' ? pod.fault.message : ''}`,
  );
  podEvent(state, at, pod, 'Warning', 'Failed', 'Error: ErrImagePull');
  podEvent(state, at, pod, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
  podEvent(state, at, pod, 'Warning', 'Failed', 'Error: ImagePullBackOff');
}
