import { z } from 'zod';
import type { Expectation } from '../contract.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { sameObject, stateOf, targetOf } from './apply.ts';
import { ChangeableKind, changeableKinds } from './changeable.ts';
import { resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { ObjectState, wholeObject } from './object-state.ts';

const Input = z.strictObject({ kind: ChangeableKind, namespace: KubernetesLabel, name: KubernetesName });
type Input = z.infer<typeof Input>;

export const deleteObject = write({
  name: 'kubernetes.delete',
  tier: 'high',
  summary: 'Delete one object and what belongs to it; its pods end',
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, remove(input)),
  dryRun: (input, site) => kubectl(site, [...remove(input), '--dry-run=server']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: changeableKinds.map((kind) => `get and delete ${resourceOf(kind)}`),
  state: stateOf,
  stateOutput: ObjectState,
  gitOwner: (before) => before.gitOwner,
  preconditions: (_input, before) => [{ pointer: '/exists', op: 'eq', value: true }, ...sameObject(before)],
  impact: (_input, before) => ({ targets: 1, replicas: before.replicas ?? 0, percent: 100 }),
  probe: (_input, before) => gone(before),
  verification: (input, before) => [
    { title: `${input.kind} ${input.name} is gone`, ...stateOf(input), expect: gone(before), withinSeconds: 60, stableSeconds: 0 },
  ],
  rollback: (input, before) => ({
    operation: 'kubernetes.apply',
    input: { ...targetOf(input), object: wholeObject(before, `${input.kind} ${input.name}`) },
  }),
});

function remove(input: Input): string[] {
  return ['delete', `${resourceOf(input.kind)}/${input.name}`, `--namespace=${input.namespace}`, '--cascade=background', '--wait=false'];
}

/** Another object of that name is not the one that was deleted; where there was none before, there is none again. */
function gone(before: ObjectState): Expectation[] {
  if (before.uid === null) return [{ pointer: '/exists', op: 'eq', value: false }];
  return [{ pointer: '/uid', op: 'ne', value: before.uid }];
}
