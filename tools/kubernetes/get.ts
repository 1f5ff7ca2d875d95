import { z } from 'zod';
import { NotFound } from '../errors.ts';
import { fitting } from '../fitting.ts';
import { KubernetesLabel, KubernetesName, LabelSelector } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { type CommandResult, read } from '../operation.ts';
import { compact, compactList } from './compact.ts';
import { isNamespaced, isOptional, ReadableKind, readPermissions, resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { inTrouble } from './trouble.ts';

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
  /** Of all objects, where some are left out, unless there are too many for that: what is not here does not exist. */ names: z
    .array(z.string())
    .optional(),
});

/** Bytes of the objects in an answer: some thousands in short. Above that those in trouble come first. */
const limit = 3 * 1024 * 1024;
const namesLimit = 2 * 1024 * 1024;

const Item = z.looseObject({ metadata: z.looseObject({ name: z.string(), annotations: z.record(z.string(), z.string()).optional() }) });
const Answer = z.union([
  z.object({ kind: z.literal('List'), items: z.array(Item) }).transform(({ items }) => items),
  Item.transform((item) => [item]),
]);

export const get = read({
  name: 'kubernetes.get',
  summary: 'Objects of a kind: one by name, or those that a label selector picks',
  input: Input,
  output: Objects,
  command: ({ kind, namespace, name, selector }, site) => ({
    ...kubectl(site, [
      'get',
      name === undefined ? resourceOf(kind) : `${resourceOf(kind)}/${name}`,
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      ...(selector === undefined ? [] : [`--selector=${selector}`]),
      '--output=json',
    ]),
    list: compactList,
  }),
  answers: isUndefined,
  parse: (result, { kind }) => {
    if (isUndefined(result)) {
      if (!isOptional(kind)) throw new NotFound(`the cluster has no ${resourceOf(kind)}`);
      return { objects: [], omitted: 0 };
    }
    return answerOf(parseJson(Answer, result.stdout));
  },
  timeoutMs: kubectlTimeoutMs,
  permissions: readPermissions,
});

function answerOf(items: readonly z.infer<typeof Item>[]): z.infer<typeof Objects> {
  const whole = items.map(withoutCopy);
  const all = fitting(whole, limit);
  if (all.length === whole.length) return { objects: all, omitted: 0 };
  const { first = [], rest = [] } = Object.groupBy(
    items.map((item) => compact(item) as Record<string, unknown>),
    (item) => (inTrouble(item) ? 'first' : 'rest'),
  );
  const objects = fitting([...first, ...rest], limit);
  const omitted = items.length - objects.length;
  const names = items.map(({ metadata }) => metadata.name);
  // Of names only all of them say what does not exist.
  const told = omitted > 0 && fitting(names, namesLimit).length === names.length;
  return { objects, omitted, ...(told ? { names } : {}) };
}

/** The cluster does not know the kind at all. */
function isUndefined({ exitCode, stderr }: CommandResult): boolean {
  return exitCode !== 0 && /the server doesn't have a resource type/.test(stderr);
}

/** `kubectl apply` keeps a copy of the whole object in an annotation. */
function withoutCopy(item: z.infer<typeof Item>): Record<string, unknown> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _copy, ...annotations } = item.metadata.annotations ?? {};
  return { ...item, metadata: { ...item.metadata, annotations } };
}
