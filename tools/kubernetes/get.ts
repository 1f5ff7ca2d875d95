import { z } from 'zod';
import { NotFound } from '../errors.ts';
import { KubernetesLabel, KubernetesName, LabelSelector } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type CommandResult, read } from '../operation.ts';
import { isNamespaced, isOptional, ReadableKind, readPermissions, resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';

const Input = z
  .strictObject({
    kind: ReadableKind,
    namespace: KubernetesLabel.optional(),
    name: KubernetesName.optional(),
    selector: LabelSelector.optional(),
  })
  .refine(
    (input) => isNamespaced(input.kind) === (input.namespace !== undefined),
    'a namespace belongs to namespaced kinds, and only to them',
  )
  .refine((input) => input.name === undefined || input.selector === undefined, 'either a name or a selector');

const Objects = z.object({
  objects: z.array(z.record(z.string(), z.unknown())),
  /** Objects left out. */ omitted: z.number().int().nonnegative(),
});

/** Objects in an answer. */
const limit = 50;

const Item = z.looseObject({ metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }) });
const Answer = z.union([
  z.object({ kind: z.literal('List'), items: z.array(Item) }).transform(({ items }) => items),
  Item.transform((item) => [item]),
]);

export const get = read({
  name: 'kubernetes.get',
  summary: 'Objects of a kind: one by name, or those that a label selector picks',
  input: Input,
  output: Objects,
  command: ({ kind, namespace, name, selector }, site) =>
    kubectl(site, [
      'get',
      name === undefined ? resourceOf(kind) : `${resourceOf(kind)}/${name}`,
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      ...(selector === undefined ? [] : [`--selector=${selector}`]),
      '--output=json',
    ]),
  answers: isUndefined,
  parse: (result, { kind }) => {
    if (isUndefined(result)) {
      if (!isOptional(kind)) throw new NotFound(`the cluster has no ${resourceOf(kind)}`);
      return { objects: [], omitted: 0 };
    }
    const items = parseJson(Answer, result.stdout);
    return { objects: items.slice(0, limit).map(withoutCopy), omitted: Math.max(0, items.length - limit) };
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: readPermissions,
});

/** The cluster does not know the kind at all. */
function isUndefined({ exitCode, stderr }: CommandResult): boolean {
  return exitCode !== 0 && /the server doesn't have a resource type/.test(stderr);
}

/** `kubectl apply` keeps a copy of the whole object in an annotation. */
function withoutCopy(item: z.infer<typeof Item>): Record<string, unknown> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...annotations } = item.metadata.annotations ?? {};
  return { ...item, metadata: { ...item.metadata, annotations } };
}
