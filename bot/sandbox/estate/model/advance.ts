import { deadlineOf, updateConditions } from './conditions.ts';
import { reconcile } from './controller.ts';
import { observeSeries } from './metrics.ts';
import { advancePod, nextChange } from './pods.ts';
import type { EstateState } from './state.ts';

/** Upper bound of controller passes at one instant; a rollout needs a handful. */
const passes = 50;

/** Brings the model to `now`, one due change after another, so that a long pause gives the same history as a short one. Returns whether anything changed. */
export function advance(state: EstateState, now: number): boolean {
  let changed = false;
  for (let due = nextDue(state); due !== null && due <= now; due = nextDue(state)) {
    step(state, due);
    changed = true;
  }
  return changed;
}

/** The next instant at which the model changes by itself, or null. */
export function nextDue(state: EstateState): number | null {
  const pods = state.pods.map(nextChange);
  const deployments = state.deployments.flatMap((deployment) => [deployment.reconcileAt, deadlineOf(state, deployment)]);
  const times = [...pods, ...deployments].filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

function step(state: EstateState, at: number): void {
  const ready = new Set(state.pods.filter((pod) => pod.stage === 'ready'));
  state.pods = state.pods.filter((pod) => advancePod(state, pod, at));
  for (const deployment of state.deployments) {
    if (deployment.reconcileAt !== null && deployment.reconcileAt > at) continue;
    deployment.reconcileAt = null;
    const progressed = state.pods.some((pod) => pod.stage === 'ready' && !ready.has(pod) && pod.template.labels['app'] === deployment.name);
    if (progressed) deployment.progressedAt = at;
    for (let pass = 0; pass < passes && reconcile(state, deployment, at); pass += 1);
    updateConditions(state, deployment, at);
  }
  observeSeries(state, at);
}
