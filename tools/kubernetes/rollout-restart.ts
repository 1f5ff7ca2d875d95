import type { Expectation } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs, ref, Workload } from './kubectl.ts';
import { everyReplica, rolledOut, rolloutStateOf, unchangedSince } from './rollout-checks.ts';
import { RolloutState } from './rollout-state.ts';

export const rolloutRestart = write({
  name: 'kubernetes.rollout_restart',
  tier: 'low',
  summary: 'Replace the pods of a workload by new ones of the same template, as its rollout strategy allows',
  input: Workload,
  output: Message,
  command: (input, site) => kubectl(site, ['rollout', 'restart', ref(input), `--namespace=${input.namespace}`]),
  noDryRunReason: 'kubectl rollout restart has no dry run',
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get and patch deployments.apps', 'get and patch statefulsets.apps', 'get and patch daemonsets.apps'],
  state: rolloutStateOf,
  stateOutput: RolloutState,
  preconditions: (_input, before) => unchangedSince(before),
  impact: everyReplica,
  probe: (_input, before) => [{ pointer: '/generation', op: 'gt', value: before.generation }, restartedSince(before)],
  verification: (input, before) => [rolledOut(input, [restartedSince(before)])],
  irreversibleReason: 'the pods that a restart replaced cannot be brought back; their template is unchanged',
});

/** A generation alone could also have grown by scaling. */
function restartedSince(before: RolloutState): Expectation {
  return { pointer: '/restartedAt', op: 'ne', value: before.restartedAt };
}
