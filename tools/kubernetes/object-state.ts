import { z } from 'zod';
import { contentHash } from '../canonical.ts';
import { TargetMissing } from '../errors.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { parseJson } from '../json.ts';
import { read } from '../operation.ts';
import { isNamespaced, ReadableKind, readPermissions, resourceOf } from './kinds.ts';
import { kubectl, kubectlTimeoutMs } from './kubectl.ts';
import { appliedHash } from './manifest.ts';
import { gitOwnerOf } from './owner.ts';

export const Target = z.strictObject({ kind: ReadableKind, namespace: KubernetesLabel.optional(), name: KubernetesName });

const Annotations = z.record(z.string(), z.string());

/** One object as it is, or that there is none. */
export const ObjectState = z.object({
  exists: z.boolean(),
  uid: z.string().nullable(),
  generation: z.number().int().nullable(),
  annotations: Annotations,
  /** What brings it back to how Git has it; null: nothing does. Absent: not known. */
  gitOwner: z.string().nullable().optional(),
  /** Replicas that a workload asks for; null: it asks for none. */
  replicas: z.number().int().nullable(),
  /** Without what the server adds, as it would be applied again. */
  object: z.record(z.string(), z.unknown()).nullable(),
  /** Of the object and of its annotations before anything in them was masked: says whether evidence holds them whole. */
  objectSha256: z.string().nullable(),
  annotationsSha256: z.string(),
});
export type ObjectState = z.infer<typeof ObjectState>;

const Item = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    generation: z.number().optional(),
    annotations: Annotations.optional(),
    labels: Annotations.optional(),
  }),
  spec: z.looseObject({ replicas: z.number().optional() }).optional(),
});
type Item = z.infer<typeof Item>;

const List = z.object({ items: z.array(Item).max(1) });

export const objectState = read({
  name: 'kubernetes.object_state',
  summary: 'One object without what the server adds to it, or that it does not exist',
  input: Target.refine(
    (input) => isNamespaced(input.kind) === (input.namespace !== undefined),
    'a namespace belongs to namespaced kinds, and only to them',
  ),
  output: ObjectState,
  command: ({ kind, namespace, name }, site) =>
    kubectl(site, [
      'get',
      resourceOf(kind),
      ...(namespace === undefined ? [] : [`--namespace=${namespace}`]),
      `--field-selector=metadata.name=${name}`,
      '--output=json',
    ]),
  parse: ({ stdout }) => stateOf(parseJson(List, stdout).items[0]),
  timeoutMs: kubectlTimeoutMs,
  permissions: readPermissions,
});

/** What the server or a controller writes there. */
const written = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision', appliedHash];

function stateOf(item: Item | undefined): ObjectState {
  const annotations = item?.metadata.annotations ?? {};
  const object = item === undefined ? null : bare(item);
  return {
    exists: item !== undefined,
    uid: item?.metadata.uid ?? null,
    generation: item?.metadata.generation ?? null,
    annotations,
    gitOwner: gitOwnerOf({ labels: item?.metadata.labels, annotations }),
    replicas: item?.spec?.replicas ?? null,
    object,
    objectSha256: object === null ? null : contentHash(object),
    annotationsSha256: contentHash(annotations),
  };
}

function bare({ status: _status, metadata, ...rest }: Item & { status?: unknown }): Record<string, unknown> {
  const {
    uid: _uid,
    generation: _generation,
    resourceVersion: _version,
    creationTimestamp: _at,
    managedFields: _fields,
    ...kept
  } = metadata;
  const annotations = Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !written.includes(key)));
  return { ...rest, metadata: { ...kept, annotations } };
}

/** Characters of a state's JSON up to which an answer holds it whole, with room for what a write adds. */
const verifiable = 14_000;

/** Throws TargetMissing: a write whose effect cannot be read back whole could neither be verified nor undone. */
function requireVerifiable(state: ObjectState, what: string): void {
  if (JSON.stringify(state).length > verifiable)
    throw new TargetMissing(`${what} is too large to be checked after a change: change it by its own pipeline`);
}

/** The object before a write, to bring it back. Throws TargetMissing where evidence does not hold all of it: part was masked, or it is too large. */
export function wholeObject(state: ObjectState, what: string): Record<string, unknown> {
  const { object, objectSha256 } = state;
  requireVerifiable(state, what);
  if (object === null) throw new TargetMissing(`${what} does not exist`);
  if (contentHash(object) === objectSha256) return object;
  throw new TargetMissing(`${what} holds values that evidence masks, so it could not be brought back: change it by its own pipeline`);
}

/** The annotations before a write. Throws TargetMissing where evidence does not hold all of them. */
export function wholeAnnotations(state: ObjectState, what: string): Record<string, string> {
  const { annotations, annotationsSha256 } = state;
  requireVerifiable(state, what);
  if (contentHash(annotations) === annotationsSha256) return annotations;
  throw new TargetMissing(`${what} has annotations that evidence masks, so they could not be brought back`);
}
