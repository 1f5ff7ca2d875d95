import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { resized } from '../impact.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload, workloadOf } from './kubectl.ts';
import { rolledOut, rolloutStateOf, unchangedSince } from './rollout-checks.ts';
import { RolloutState } from './rollout-state.ts';

const Replicas = z.int().min(0).max(1000);

/** `currentReplicas` makes kubectl refuse when the workload has another number by then. */
const Input = Workload.extend({ kind: z.enum(['deployment', 'statefulset']), replicas: Replicas, currentReplicas: Replicas.optional() });
type Input = z.infer<typeof Input>;

export const scale = write({
  name: 'kubernetes.scale',
  tier: 'medium',
  summary: 'Set the number of replicas of a deployment or stateful set',
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, scaleTo(input)),
  // With --output=yaml kubectl prints the object as it was before the dry run; without, whether the server would accept it.
  dryRun: (input, site) => kubectl(site, [...scaleTo(input), '--dry-run=server']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: [
    'get deployments.apps',
    'get statefulsets.apps',
    'get, patch and update deployments.apps/scale',
    'get, patch and update statefulsets.apps/scale',
  ],
  state: rolloutStateOf,
  stateOutput: RolloutState,
  gitOwner: (before) => before.gitOwner,
  preconditions: (_input, before) => unchangedSince(before),
  impact: (input, before) => resized(before.replicas.desired, input.replicas),
  probe: desired,
  verification: (input) => [rolledOut(input, desired(input))],
  rollback: (input, before) => ({
    operation: 'kubernetes.scale',
    input: { ...workloadOf(input), replicas: before.replicas.desired, currentReplicas: input.replicas },
  }),
});

function scaleTo(input: Input): string[] {
  const current = input.currentReplicas === undefined ? [] : [`--current-replicas=${input.currentReplicas}`];
  return ['scale', ref(input), `--namespace=${input.namespace}`, `--replicas=${input.replicas}`, ...current];
}

function desired(input: Input): Expectation[] {
  return [{ pointer: '/replicas/desired', op: 'eq', value: input.replicas }];
}
