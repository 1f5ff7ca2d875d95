import type { Check, Expectation, Impact, OperationCall } from '../contract.ts';
import { type Workload, workloadOf } from './kubectl.ts';
import type { RolloutState } from './rollout-state.ts';

/** Seconds that a rollout may take before a write counts as failed. A plan may add checks with other limits. */
const withinSeconds = 120;

/** Seconds that it must stay complete: a crash loop is complete between two restarts. */
const stableSeconds = 10;

/** The state operation of every workload write. */
export function rolloutStateOf(input: Workload): OperationCall {
  return { operation: 'kubernetes.rollout_state', input: workloadOf(input) };
}

/** The object, in the form in which a dry run prints it changed. */
export function againstDryRun(input: Workload): { now: OperationCall; after: null } {
  return { now: { operation: 'kubernetes.get', input: workloadOf(input) }, after: null };
}

/** The pod template of a revision, as kubectl describes it. */
export function templateOf(input: Workload, revision: number): OperationCall {
  return { operation: 'kubernetes.rollout_template', input: { ...workloadOf(input), revision } };
}

/** A new pod template replaces every replica. */
export function everyReplica(_input: Workload, before: RolloutState): Impact {
  return { targets: 1, replicas: before.replicas.desired, percent: 100 };
}

/** The same object, untouched since it was observed. Status updates leave the generation alone. */
export function unchangedSince(before: RolloutState): Expectation[] {
  return [
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/generation', op: 'eq', value: before.generation },
    { pointer: '/revision', op: 'eq', value: before.revision },
    ...sameOwner(before),
  ];
}

/** Git did not take the object over, or let it go, in the meantime. */
export function sameOwner({ gitOwner }: { readonly gitOwner?: string | null | undefined }): Expectation[] {
  return gitOwner === undefined ? [] : [{ pointer: '/gitOwner', op: 'eq', value: gitOwner }];
}

/** The rollout finished with the effect in place, and holds. */
export function rolledOut(input: Workload, effect: readonly Expectation[]): Check {
  return {
    title: `Rollout of ${input.kind} ${input.name} is complete`,
    operation: 'kubernetes.rollout_state',
    input: workloadOf(input),
    expect: [{ pointer: '/complete', op: 'eq', value: true }, { pointer: '/progressDeadlineExceeded', op: 'eq', value: false }, ...effect],
    withinSeconds,
    stableSeconds,
  };
}
