import { z } from 'zod';
import type { ControllerRevisionObject, ReplicaSetObject, Template } from './objects.ts';
import { imagesOf } from './template.ts';

export const Revision = z.object({
  /** The number that `--to-revision` takes. */
  revision: z.number().int().nonnegative(),
  /** Of the replica set or controller revision that keeps it. */
  name: z.string(),
  templateHash: z.string(),
  images: z.record(z.string(), z.string()),
  /** In what besides its images its template is another than the one asked for now, in words; absent: not known. */
  differsIn: z.array(z.string()).optional(),
  createdAt: z.string().nullable(),
  changeCause: z.string().nullable(),
  /** Pods of this revision; null where the kind does not say. */
  replicas: z.number().int().nullable(),
  readyReplicas: z.number().int().nullable(),
});
export type Revision = z.infer<typeof Revision>;

/** A revision with the template it keeps. */
export interface KeptRevision {
  readonly revision: Revision;
  readonly template: Template;
  /** It was rolled out under another number before. */
  readonly before: boolean;
}

export function fromReplicaSet({ metadata, spec, status }: ReplicaSetObject): KeptRevision {
  return {
    revision: {
      ...common(metadata, spec.template),
      revision: Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0),
      templateHash: metadata.labels?.['pod-template-hash'] ?? '',
      replicas: status.replicas,
      readyReplicas: status.readyReplicas,
    },
    template: spec.template,
    before: metadata.annotations?.['deployment.kubernetes.io/revision-history'] !== undefined,
  };
}

export function fromControllerRevision({ metadata, revision, data }: ControllerRevisionObject): KeptRevision {
  const labels = metadata.labels ?? {};
  return {
    revision: {
      ...common(metadata, data.spec.template),
      revision,
      // Stateful sets label theirs with the first, daemon sets with the second; the name ends in the hash either way.
      templateHash:
        labels['controller.kubernetes.io/hash'] ??
        labels['controller-revision-hash'] ??
        metadata.name.slice(metadata.name.lastIndexOf('-') + 1),
      replicas: null,
      readyReplicas: null,
    },
    template: data.spec.template,
    before: false,
  };
}

function common(
  metadata: ReplicaSetObject['metadata'],
  template: Template,
): Pick<Revision, 'name' | 'images' | 'createdAt' | 'changeCause'> {
  return {
    name: metadata.name,
    images: imagesOf(template),
    createdAt: metadata.creationTimestamp ?? null,
    changeCause: metadata.annotations?.['kubernetes.io/change-cause'] ?? null,
  };
}
