import { z } from 'zod';
import type { Expectation, OperationCall } from '../contract.ts';
import { argument } from '../grammar.ts';
import { cutMessage, Message, parseMessage } from '../message.ts';
import { write } from '../operation.ts';
import { isNamespaced, resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { escaped } from './manifest.ts';
import { ObjectState, Target, wholeAnnotations } from './object-state.ts';

/** Kinds of which nothing but the annotation changes; a pod template's annotations would start a rollout, and are not reached. */
const kinds = [
  'pod',
  'service',
  'deployment',
  'statefulset',
  'daemonset',
  'ingress',
  'horizontalpodautoscaler',
  'node',
  'namespace',
] as const;

/** Annotations of Kubernetes itself steer controllers. */
const Key = argument(253)
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/, 'must be the key of an annotation')
  .refine((key) => !/(^|\.)(kubernetes|k8s)\.io\//.test(key), 'must not be an annotation of Kubernetes itself');

/** Null removes it. */
const Values = z.record(Key, argument(1000).nullable()).refine((values) => {
  const count = Object.keys(values).length;
  return count >= 1 && count <= 20;
}, 'must name 1 to 20 annotations');

const Input = Target.extend({ kind: z.enum(kinds), annotations: Values }).refine(
  (input) => isNamespaced(input.kind) === (input.namespace !== undefined),
  'a namespace belongs to namespaced kinds, and only to them',
);
type Input = z.infer<typeof Input>;

export const annotate = write({
  name: 'kubernetes.annotate',
  tier: 'medium',
  summary: 'Set or remove annotations of one object',
  input: Input,
  output: Message,
  command: (input, site) => kubectl(site, change(input)),
  dryRun: (input, site) => kubectl(site, [...change(input), '--dry-run=server', '--output=yaml']),
  parse: parseMessage,
  cut: cutMessage,
  timeoutMs: kubectlTimeoutMs,
  permissions: kinds.map((kind) => `get and patch ${resourceOf(kind)}`),
  state: stateOf,
  stateOutput: ObjectState,
  gitOwner: (before) => before.gitOwner,
  comparison: ({ kind, namespace, name }) => ({ now: { operation: 'kubernetes.get', input: { kind, namespace, name } }, after: null }),
  preconditions: (_input, before) => [
    { pointer: '/exists', op: 'eq', value: true },
    { pointer: '/uid', op: 'eq', value: before.uid },
    { pointer: '/annotationsSha256', op: 'eq', value: before.annotationsSha256 },
  ],
  impact: () => ({ targets: 1, replicas: 0, percent: 0 }),
  probe: wanted,
  verification: (input) => [
    {
      title: `The annotations of ${input.kind} ${input.name} are set`,
      ...stateOf(input),
      expect: wanted(input),
      withinSeconds: 15,
      stableSeconds: 0,
    },
  ],
  rollback: (input, before) => {
    const old = wholeAnnotations(before, `${input.kind} ${input.name}`);
    const annotations = Object.fromEntries(Object.keys(input.annotations).map((key) => [key, old[key] ?? null]));
    return { operation: 'kubernetes.annotate', input: { ...stateOf(input).input, annotations } };
  },
});

function stateOf({ kind, namespace, name }: Input): OperationCall {
  return { operation: 'kubernetes.object_state', input: { kind, ...(namespace === undefined ? {} : { namespace }), name } };
}

function change({ kind, namespace, name, annotations }: Input): string[] {
  const changes = Object.entries(annotations).map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`));
  const where = namespace === undefined ? [] : [`--namespace=${namespace}`];
  return ['annotate', `${resourceOf(kind)}/${name}`, ...changes, ...where, '--overwrite=true'];
}

function wanted({ annotations }: Input): Expectation[] {
  return Object.entries(annotations).map(([key, value]) => {
    const pointer = `/annotations/${escaped(key)}`;
    return value === null ? { pointer, op: 'absent' } : { pointer, op: 'eq', value };
  });
}
