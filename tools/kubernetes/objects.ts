import { z } from 'zod';

/** The parts of Kubernetes objects that rollouts are read from; everything else is dropped. */
const Owner = z.object({ kind: z.string(), name: z.string(), uid: z.string(), controller: z.boolean().optional() });

export const Metadata = z.object({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string(),
  generation: z.number().optional(),
  creationTimestamp: z.string().nullish(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  ownerReferences: z.array(Owner).optional(),
});
export type Metadata = z.infer<typeof Metadata>;

const TemplateContainer = z.looseObject({ name: z.string(), image: z.string().optional() });

/** Whole, because revisions are told apart by their templates. */
export const Template = z.looseObject({
  metadata: z
    .looseObject({ labels: z.record(z.string(), z.string()).nullish(), annotations: z.record(z.string(), z.string()).nullish() })
    .optional(),
  spec: z.looseObject({ containers: z.array(TemplateContainer), initContainers: z.array(TemplateContainer).nullish() }),
});
export type Template = z.infer<typeof Template>;

export const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastUpdateTime: z.string().nullish(),
});
export type Condition = z.infer<typeof Condition>;

const count = z.number().default(0);

/** Status fields of deployments, stateful sets and daemon sets, under the names that each of them uses. */
const Status = z.object({
  observedGeneration: z.number().default(0),
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
  currentRevision: z.string().optional(),
  updateRevision: z.string().optional(),
  desiredNumberScheduled: count,
  updatedNumberScheduled: count,
  numberReady: count,
  numberAvailable: count,
  conditions: z.array(Condition).optional(),
});

const Strategy = z.object({
  type: z.string().optional(),
  rollingUpdate: z.object({ partition: z.number().optional() }).nullish(),
});

export const WorkloadObject = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet']),
  metadata: Metadata,
  spec: z.object({
    replicas: z.number().optional(),
    paused: z.boolean().optional(),
    template: Template,
    updateStrategy: Strategy.optional(),
  }),
  status: Status.prefault({}),
});
export type WorkloadObject = z.infer<typeof WorkloadObject>;

export const ReplicaSetObject = z.object({
  kind: z.literal('ReplicaSet'),
  metadata: Metadata,
  spec: z.object({ template: Template }),
  status: z.object({ replicas: count, readyReplicas: count }).prefault({}),
});
export type ReplicaSetObject = z.infer<typeof ReplicaSetObject>;

export const ControllerRevisionObject = z.object({
  kind: z.literal('ControllerRevision'),
  metadata: Metadata,
  revision: z.number(),
  data: z.object({ spec: z.object({ template: Template }) }),
});
export type ControllerRevisionObject = z.infer<typeof ControllerRevisionObject>;

/** True when `owner` controls the object. */
export function isOwnedBy(metadata: Metadata, owner: Metadata): boolean {
  return (metadata.ownerReferences ?? []).some((reference) => reference.uid === owner.uid);
}
