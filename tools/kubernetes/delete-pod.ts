import { z } from 'zod';
import type { Expectation, Impact, OperationCall } from '../contract.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { PodState } from './pod-state.ts';

const Input = z.strictObject({ namespace: KubernetesLabel, name: KubernetesName });
type Input = z.infer<typeof Input>;

export const deletePod = write({
  name: 'kubernetes.delete_pod',
  tier: 'low',
  summary: 'End one pod that a controller starts anew',
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, remove(input)),
  dryRun: (input, site) => kubectl(site, [...remove(input), '--dry-run=server']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: ['get and delete pods'],
  state: stateOf,
  stateOutput: PodState,
  preconditions: (_input, before) => [
    { pointer: '/exists', op: 'eq', value: true },
    { pointer: '/uid', op: 'eq', value: before.uid },
    // A pod without a controller would not come back.
    { pointer: '/owner/uid', op: 'eq', value: before.owner?.uid ?? 'a controller' },
  ],
  impact,
  probe: (_input, before) => gone(before),
  verification: (input, before) => [
    {
      title: `Pod ${input.name} is replaced`,
      operation: 'kubernetes.pod_state',
      input: { ...input, ...(before.owner === null ? {} : { owner: before.owner.uid }) },
      expect: [...gone(before), { pointer: '/siblings/ready', op: 'gte', value: before.siblings.ready }],
      withinSeconds: 120,
      stableSeconds: 5,
    },
  ],
  irreversibleReason: 'a deleted pod does not come back; its controller starts another one of the same template',
});

function remove({ namespace, name }: Input): string[] {
  return ['delete', `pod/${name}`, `--namespace=${namespace}`, '--wait=false'];
}

function stateOf({ namespace, name }: Input): OperationCall {
  return { operation: 'kubernetes.pod_state', input: { namespace, name } };
}

/** A stateful set gives the next pod the same name, and another UID. */
function gone(before: PodState): Expectation[] {
  return [{ pointer: '/uid', op: 'ne', value: before.uid }];
}

function impact(_input: Input, before: PodState): Impact {
  return { targets: 1, replicas: 1, percent: Math.ceil(100 / Math.max(1, before.siblings.total)) };
}
