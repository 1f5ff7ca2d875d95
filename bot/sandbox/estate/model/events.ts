import { nextUid, nextVersion } from './identity.ts';
import type { DeploymentState, EstateState, EventState, PodState, ReplicaSetState } from './state.ts';

const keep = 300;

/** Kubernetes counts a repeated event up instead of adding another. */
export function record(
  state: EstateState,
  at: number,
  event: Pick<EventState, 'type' | 'reason' | 'message' | 'component' | 'involved'>,
): void {
  const same = state.events.find(
    (other) => other.involved.uid === event.involved.uid && other.reason === event.reason && other.message === event.message,
  );
  if (same) {
    same.count += 1;
    same.lastAt = at;
    same.resourceVersion = nextVersion(state);
    return;
  }
  const uid = nextUid(state);
  state.events.push({
    ...event,
    name: `${event.involved.name}.${uid.slice(0, 8)}${uid.slice(9, 13)}${uid.slice(14, 18)}`,
    uid,
    resourceVersion: nextVersion(state),
    firstAt: at,
    lastAt: at,
    count: 1,
  });
  if (state.events.length > keep) state.events.splice(0, state.events.length - keep);
}

export function deploymentEvent(state: EstateState, at: number, deployment: DeploymentState, reason: string, message: string): void {
  const involved = { apiVersion: 'apps/v1', kind: 'Deployment', name: deployment.name, uid: deployment.uid };
  record(state, at, { type: 'Normal', reason, message, component: 'deployment-controller', involved });
}

export function replicaSetEvent(state: EstateState, at: number, set: ReplicaSetState, reason: string, message: string): void {
  const involved = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set.name, uid: set.uid };
  record(state, at, { type: 'Normal', reason, message, component: 'replicaset-controller', involved });
}

export function podEvent(state: EstateState, at: number, pod: PodState, type: EventState['type'], reason: string, message: string): void {
  const involved = { apiVersion: 'v1', kind: 'Pod', name: pod.name, uid: pod.uid };
  record(state, at, { type, reason, message, component: reason === 'Scheduled' ? 'default-scheduler' : 'kubelet', involved });
}
