import { podsOf, readyPods, replicaSetsOf, sum } from './controller.ts';
import { nextVersion, templateHash } from './identity.ts';
import type { Condition, DeploymentState, EstateState, ReplicaSetState } from './state.ts';

export interface DeploymentCounts {
  replicas: number;
  updated: number;
  ready: number;
  current: ReplicaSetState | undefined;
}

/** The numbers of a Deployment's status. Available equals ready, as minReadySeconds is 0. */
export function counts(state: EstateState, deployment: DeploymentState): DeploymentCounts {
  const sets = replicaSetsOf(state, deployment.name);
  const hash = templateHash(deployment.template);
  const current = sets.find((set) => set.hash === hash);
  return {
    replicas: sum(sets.map((set) => podsOf(state, set).length)),
    updated: current ? podsOf(state, current).length : 0,
    ready: sum(sets.map((set) => readyPods(state, set))),
    current,
  };
}

/** A rollout is complete by kubectl's rule: all replicas updated, none old, all available. */
export function isComplete(deployment: DeploymentState, now: DeploymentCounts): boolean {
  return now.updated === deployment.replicas && now.replicas === deployment.replicas && now.ready === deployment.replicas;
}

/** When the progress deadline passes; null when the rollout is complete or has failed already, or a change waits for the controller, which starts the time anew. */
export function deadlineOf(state: EstateState, deployment: DeploymentState): number | null {
  if (deployment.reconcileAt !== null || deployment.progressing.status === 'False' || isComplete(deployment, counts(state, deployment)))
    return null;
  return deployment.progressedAt + deployment.progressDeadlineSeconds * 1000;
}

export function updateConditions(state: EstateState, deployment: DeploymentState, at: number): void {
  const now = counts(state, deployment);
  const enough = now.ready >= deployment.replicas - deployment.maxUnavailable;
  const available = enough
    ? { status: 'True' as const, reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { status: 'False' as const, reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
  const changed = [set(deployment.available, available, at), set(deployment.progressing, progress(deployment, now, at), at)];
  if (changed.includes(true)) deployment.resourceVersion = nextVersion(state);
}

function progress(deployment: DeploymentState, now: DeploymentCounts, at: number): Pick<Condition, 'status' | 'reason' | 'message'> {
  const name = `ReplicaSet "${now.current?.name ?? deployment.name}"`;
  if (isComplete(deployment, now))
    return { status: 'True', reason: 'NewReplicaSetAvailable', message: `${name} has successfully progressed.` };
  if (at - deployment.progressedAt >= deployment.progressDeadlineSeconds * 1000) {
    return { status: 'False', reason: 'ProgressDeadlineExceeded', message: `${name} has timed out progressing.` };
  }
  return { status: 'True', reason: 'ReplicaSetUpdated', message: `${name} is progressing.` };
}

function set(condition: Condition, next: Pick<Condition, 'status' | 'reason' | 'message'>, at: number): boolean {
  if (condition.status === next.status && condition.reason === next.reason && condition.message === next.message) return false;
  if (condition.status !== next.status) condition.transitionAt = at;
  Object.assign(condition, next, { updatedAt: at });
  return true;
}
