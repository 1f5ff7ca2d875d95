import { replicaSetsOf } from './controller.ts';
import { nextVersion, sameTemplate } from './identity.ts';
import { observeSeries } from './metrics.ts';
import { timing } from './pods.ts';
import type { DeploymentState, EstateState, ReplicaSetState } from './state.ts';

/** Something happens to the estate that no command asked for. */
export type EstateEvent =
  | { type: 'trust_authority' }
  | { type: 'change_authority' }
  | { type: 'rollout'; deployment: string; image: string; env?: Record<string, string>; changeCause?: string };

export type UndoTarget =
  | { kind: 'found'; set: ReplicaSetState }
  | { kind: 'same'; set: ReplicaSetState }
  | { kind: 'missing' }
  | { kind: 'no_history' };

/** Revision 0 means the one before the newest. */
export function undoTarget(state: EstateState, deployment: DeploymentState, revision: number): UndoTarget {
  const sets = replicaSetsOf(state, deployment.name).toSorted((a, b) => b.revision - a.revision);
  const set = revision === 0 ? sets[1] : sets.find((candidate) => candidate.revision === revision);
  if (!set) return { kind: revision === 0 ? 'no_history' : 'missing' };
  return { kind: sameTemplate(set.template, deployment.template) ? 'same' : 'found', set };
}

export function undo(state: EstateState, deployment: DeploymentState, set: ReplicaSetState, at: number): void {
  deployment.template = structuredClone(set.template);
  deployment.changeCause = set.changeCause;
  touched(state, deployment, at);
}

export function scale(state: EstateState, deployment: DeploymentState, replicas: number, at: number): void {
  if (deployment.replicas === replicas) return;
  deployment.replicas = replicas;
  touched(state, deployment, at);
}

/** Returns false when the image was that already. */
export function setImage(state: EstateState, deployment: DeploymentState, image: string, at: number): boolean {
  if (deployment.template.container.image === image) return false;
  deployment.template.container.image = image;
  touched(state, deployment, at);
  return true;
}

export function restart(state: EstateState, deployment: DeploymentState, at: number): void {
  deployment.template.annotations['kubectl.kubernetes.io/restartedAt'] = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  touched(state, deployment, at);
}

/** Null removes. A change moves the object's version; of a Deployment, as in Kubernetes, its generation too. */
export function annotate(state: EstateState, uid: string, changes: ReadonlyMap<string, string | null>, at: number): void {
  const before = state.annotations[uid]?.values ?? {};
  const values = { ...before };
  for (const [key, value] of changes) {
    if (value === null) delete values[key];
    else values[key] = value;
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(values)]);
  if ([...keys].every((key) => before[key] === values[key])) return;
  state.annotations[uid] = { values, resourceVersion: nextVersion(state) };
  const deployment = state.deployments.find((candidate) => candidate.uid === uid);
  if (deployment) touched(state, deployment, at);
}

export function applyEvent(state: EstateState, event: EstateEvent, at: number): void {
  if (event.type !== 'rollout') {
    state.certificateRefused = event.type === 'change_authority';
    observeSeries(state, at);
    return;
  }
  const deployment = state.deployments.find((candidate) => candidate.name === event.deployment);
  if (!deployment) return;
  deployment.template.container.image = event.image;
  Object.assign(deployment.template.container.env, event.env);
  deployment.changeCause = event.changeCause ?? null;
  touched(state, deployment, at);
}

function touched(state: EstateState, deployment: DeploymentState, at: number): void {
  deployment.generation += 1;
  deployment.resourceVersion = nextVersion(state);
  deployment.reconcileAt = at + timing.observe;
}
