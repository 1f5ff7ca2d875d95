import type { Check, Expectation, Impact, OperationCall } from '../contract.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { changeableKinds } from './changeable.ts';
import { resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs, WorkloadKind } from './kubectl.ts';
import { applied, appliedHash, escaped, hashOf, ManifestInput } from './manifest.ts';
import { ObjectState, wholeObject } from './object-state.ts';
import { rolledOut, sameOwner } from './rollout-checks.ts';

const argv = ['apply', '--server-side=true', '--field-manager=watchkeeper', '--filename=-'];

export const apply = write({
  name: 'kubernetes.apply',
  tier: 'high',
  summary: 'Apply a reviewed manifest, server-side; fields that others manage are not taken from them',
  input: ManifestInput,
  output: Message,
  command: (input, site) => ({ ...kubectl(site, [...argv, `--namespace=${input.namespace}`]), stdin: applied(input) }),
  dryRun: (input, site) => ({
    ...kubectl(site, [...argv, `--namespace=${input.namespace}`, '--dry-run=server', '--output=yaml']),
    stdin: applied(input),
  }),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: changeableKinds.map((kind) => `get, create and patch ${resourceOf(kind)}`),
  state: stateOf,
  stateOutput: ObjectState,
  gitOwner: (before) => before.gitOwner,
  comparison: (input, before) => ({
    now: before.exists ? { operation: 'kubernetes.get', input: targetOf(input) } : stateOf(input),
    after: null,
  }),
  preconditions: (_input, before) => sameObject(before),
  impact,
  probe: (input) => [isApplied(input)],
  verification: (input) => [
    {
      title: `${input.kind} ${input.name} is as the manifest says`,
      ...stateOf(input),
      expect: [isApplied(input)],
      withinSeconds: 30,
      stableSeconds: 0,
    },
    ...rollout(input),
  ],
  rollback: (input, before) =>
    before.exists
      ? { operation: 'kubernetes.apply', input: { ...targetOf(input), object: wholeObject(before, `${input.kind} ${input.name}`) } }
      : { operation: 'kubernetes.delete', input: targetOf(input) },
});

type Named = Pick<ManifestInput, 'kind' | 'namespace' | 'name'>;

export function targetOf({ kind, namespace, name }: Named): Named {
  return { kind, namespace, name };
}

export function stateOf(input: Named): OperationCall {
  return { operation: 'kubernetes.object_state', input: targetOf(input) };
}

/** The same object, untouched since it was observed; or still none. */
export function sameObject(before: ObjectState): Expectation[] {
  return [
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/generation', op: 'eq', value: before.generation },
    { pointer: '/objectSha256', op: 'eq', value: before.objectSha256 },
    ...sameOwner(before),
  ];
}

function isApplied(input: ManifestInput): Expectation {
  return { pointer: `/annotations/${escaped(appliedHash)}`, op: 'eq', value: hashOf(input) };
}

function rollout({ kind, namespace, name }: ManifestInput): Check[] {
  const workload = WorkloadKind.safeParse(kind);
  return workload.success ? [rolledOut({ kind: workload.data, namespace, name }, [])] : [];
}

function impact({ object }: ManifestInput, before: ObjectState): Impact {
  const spec = object['spec'];
  const wanted = typeof spec === 'object' && spec !== null && 'replicas' in spec ? Number(spec.replicas) : 0;
  const replicas = Math.max(wanted, before.replicas ?? 0);
  return { targets: 1, replicas, percent: replicas === 0 ? 0 : 100 };
}
