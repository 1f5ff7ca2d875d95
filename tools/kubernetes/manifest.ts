import { z } from 'zod';
import { contentHash } from '../canonical.ts';
import { KubernetesLabel, KubernetesName } from '../grammar.ts';
import { isVisible } from '../visible.ts';
import { ChangeableKind, typeMetaOf } from './changeable.ts';

/** Annotation that says which manifest was applied last: the content hash of the object that was reviewed. */
export const appliedHash = 'watchkeeper.dev/applied-sha256';

/** Characters of the manifest's JSON: what is changed has to fit into an answer whole, or it could not be verified. */
const limit = 10_000;

const Annotations = z.record(z.string(), z.string());

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), annotations: Annotations.optional() }),
});

/** A whole object of one kind, as a person reviews it: its kind and name are those of the input, and every character is visible. */
export const ManifestInput = z
  .strictObject({ kind: ChangeableKind, namespace: KubernetesLabel, name: KubernetesName, object: Manifest })
  .refine(({ kind, object }) => {
    const { apiVersion, kind: wanted } = typeMetaOf(kind);
    return object.apiVersion === apiVersion && object.kind === wanted;
  }, 'object must be of the kind, and of its stable version')
  .refine(({ name, object }) => object.metadata.name === name, 'object must have the name')
  .refine(({ namespace, object }) => (object.metadata.namespace ?? namespace) === namespace, 'object must be in the namespace')
  .refine(({ object }) => JSON.stringify(object).length <= limit, `object must have at most ${limit} characters`)
  .refine(({ object }) => isVisible(object), 'object must not contain control or invisible characters')
  .refine(({ object }) => !('status' in object), 'object must have no status');
export type ManifestInput = z.infer<typeof ManifestInput>;

export function hashOf({ object }: ManifestInput): string {
  return contentHash(object);
}

/** What is applied: the manifest, with its own hash as an annotation, so that it is known again. */
export function applied(input: ManifestInput): string {
  const { metadata } = input.object;
  const annotations = { ...metadata.annotations, [appliedHash]: hashOf(input) };
  return JSON.stringify({ ...input.object, metadata: { ...metadata, namespace: input.namespace, annotations } });
}

/** RFC 6901: `/` and `~` in a key. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
