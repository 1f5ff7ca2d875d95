import { deploymentEvent, replicaSetEvent } from './events.ts';
import { nextUid, nextVersion, templateHash } from './identity.ts';
import { createPod } from './pods.ts';
import type { DeploymentState, EstateState, PodState, ReplicaSetState } from './state.ts';

export function replicaSetsOf(state: EstateState, deployment: string): ReplicaSetState[] {
  return state.replicaSets.filter((set) => set.deployment === deployment);
}

/** Pods of a ReplicaSet that are not being deleted: what Kubernetes counts as replicas. */
export function podsOf(state: EstateState, set: { uid: string }): PodState[] {
  return state.pods.filter((pod) => pod.owner.uid === set.uid && pod.deletedAt === null);
}

export function readyPods(state: EstateState, set: { uid: string }): number {
  return podsOf(state, set).filter((pod) => pod.stage === 'ready').length;
}

/**
 * One pass of the deployment controller, by Kubernetes' rules: a template that was there before reuses its ReplicaSet, which
 * then gets the newest revision; surge and unavailability bound the steps; unhealthy old pods go first.
 * Returns true when it changed something.
 */
export function reconcile(state: EstateState, deployment: DeploymentState, at: number): boolean {
  const current = currentSet(state, deployment, at);
  const old = replicaSetsOf(state, deployment.name).filter((set) => set !== current);
  if (deployment.observedGeneration !== deployment.generation) {
    deployment.observedGeneration = deployment.generation;
    deployment.resourceVersion = nextVersion(state);
  }
  return (
    dropExcess(state, deployment, current, old, at) ||
    scaleUp(state, deployment, current, old, at) ||
    scaleDown(state, deployment, current, old, at)
  );
}

function currentSet(state: EstateState, deployment: DeploymentState, at: number): ReplicaSetState {
  const sets = replicaSetsOf(state, deployment.name);
  const newest = Math.max(0, ...sets.map((set) => set.revision));
  const hash = templateHash(deployment.template);
  const found = sets.find((set) => set.hash === hash);
  const current = found ?? createSet(state, deployment, at);
  if (current.revision < newest || !found) {
    current.revision = newest + 1;
    current.changeCause = deployment.changeCause;
    current.resourceVersion = nextVersion(state);
    deployment.progressedAt = at;
  }
  deployment.revision = current.revision;
  return current;
}

function createSet(state: EstateState, deployment: DeploymentState, at: number): ReplicaSetState {
  const hash = templateHash(deployment.template);
  const set: ReplicaSetState = {
    name: `${deployment.name}-${hash}`,
    uid: nextUid(state),
    deployment: deployment.name,
    hash,
    createdAt: at,
    generation: 1,
    resourceVersion: nextVersion(state),
    replicas: 0,
    revision: 0,
    changeCause: deployment.changeCause,
    template: structuredClone(deployment.template),
  };
  state.replicaSets.push(set);
  return set;
}

/** After a scale-down in the middle of a rollout: what exceeds replicas and surge goes, unready pods first. Kubernetes takes in proportion instead. */
function dropExcess(
  state: EstateState,
  deployment: DeploymentState,
  current: ReplicaSetState,
  old: ReplicaSetState[],
  at: number,
): boolean {
  const sets = [...old, current];
  const excess = () => sum(sets.map((set) => set.replicas)) - deployment.replicas - deployment.maxSurge;
  const unready = sets.map((set) => set.replicas - readyPods(state, set));
  const changed = shrink(state, deployment, sets, unready, excess(), at);
  const all = sets.map((set) => set.replicas);
  return shrink(state, deployment, sets, all, excess(), at) || changed;
}

function scaleUp(state: EstateState, deployment: DeploymentState, current: ReplicaSetState, old: ReplicaSetState[], at: number): boolean {
  if (current.replicas > deployment.replicas) return resize(state, deployment, current, deployment.replicas, at);
  const total = current.replicas + sum(old.map((set) => set.replicas));
  const room = old.every((set) => set.replicas === 0) ? Number.POSITIVE_INFINITY : deployment.replicas + deployment.maxSurge - total;
  const target = current.replicas + Math.max(0, Math.min(deployment.replicas - current.replicas, room));
  return resize(state, deployment, current, target, at);
}

function scaleDown(state: EstateState, deployment: DeploymentState, current: ReplicaSetState, old: ReplicaSetState[], at: number): boolean {
  const total = current.replicas + sum(old.map((set) => set.replicas));
  const minimum = deployment.replicas - deployment.maxUnavailable;
  const unhealthy = old.map((set) => set.replicas - readyPods(state, set));
  const surplus = total - minimum - (current.replicas - readyPods(state, current));
  const cleaned = shrink(state, deployment, old, unhealthy, surplus, at);
  if (cleaned) return true;
  const available = sum([current, ...old].map((set) => readyPods(state, set)));
  return shrink(
    state,
    deployment,
    old,
    old.map((set) => set.replicas),
    Math.min(surplus, available - minimum),
    at,
  );
}

function shrink(
  state: EstateState,
  deployment: DeploymentState,
  sets: ReplicaSetState[],
  limits: number[],
  budget: number,
  at: number,
): boolean {
  let left = budget;
  let changed = false;
  sets.forEach((set, index) => {
    const step = Math.min(left, limits[index] ?? 0, set.replicas);
    if (step <= 0) return;
    left -= step;
    changed = resize(state, deployment, set, set.replicas - step, at) || changed;
  });
  return changed;
}

function resize(state: EstateState, deployment: DeploymentState, set: ReplicaSetState, replicas: number, at: number): boolean {
  if (set.replicas === replicas) return false;
  const verb = replicas > set.replicas ? 'up' : 'down';
  deploymentEvent(state, at, deployment, 'ScalingReplicaSet', `Scaled ${verb} replica set ${set.name} from ${set.replicas} to ${replicas}`);
  set.replicas = replicas;
  set.generation += 1;
  set.resourceVersion = nextVersion(state);
  deployment.resourceVersion = nextVersion(state);
  deployment.progressedAt = at;
  settlePods(state, set, at);
  return true;
}

/** Creates or deletes pods until the ReplicaSet has what it asks for; those that are not ready go first, then the youngest. */
export function settlePods(state: EstateState, set: ReplicaSetState, at: number): void {
  const pods = podsOf(state, set);
  for (let missing = set.replicas - pods.length; missing > 0; missing -= 1) {
    const pod = createPod(state, set, at);
    replicaSetEvent(state, at, set, 'SuccessfulCreate', `Created pod: ${pod.name}`);
  }
  const order = pods.toSorted((a, b) => Number(a.stage === 'ready') - Number(b.stage === 'ready') || b.createdAt - a.createdAt);
  for (const pod of order.slice(0, Math.max(0, pods.length - set.replicas))) {
    pod.deletedAt = at;
    pod.resourceVersion = nextVersion(state);
    replicaSetEvent(state, at, set, 'SuccessfulDelete', `Deleted pod: ${pod.name}`);
  }
}

export function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
