import { z } from 'zod';
import { WorkloadKind } from './kubectl.ts';
import { Condition, type ReplicaSetObject, type WorkloadObject } from './objects.ts';
import { ReplicaCounts, replicasOf } from './replicas.ts';
import { fromReplicaSet, Revision } from './revisions.ts';
import { progressDeadlineExceeded, waitingFor } from './rollout-progress.ts';
import { imagesOf, restartedAt } from './template.ts';

export const WorkloadSnapshot = z.object({
  kind: WorkloadKind,
  namespace: z.string(),
  name: z.string(),
  uid: z.string(),
  generation: z.number().int(),
  createdAt: z.string().nullable(),
  images: z.record(z.string(), z.string()),
  replicas: ReplicaCounts,
  paused: z.boolean(),
  complete: z.boolean(),
  waitingFor: z.string().nullable(),
  progressDeadlineExceeded: z.boolean(),
  restartedAt: z.string().nullable(),
  conditions: z.array(Condition),
  /** Newest first, at most 10; of deployments only: their replica sets. */
  revisions: z.array(Revision),
});
export type WorkloadSnapshot = z.infer<typeof WorkloadSnapshot>;

/** `replicaSets`: those that the workload owns. */
export function workloadSnapshot(workload: WorkloadObject, replicaSets: readonly ReplicaSetObject[]): WorkloadSnapshot {
  const { kind, metadata, spec, status } = workload;
  const waiting = waitingFor(workload);
  const revisions = replicaSets.map((set) => fromReplicaSet(set).revision);
  return {
    kind: WorkloadKind.parse(kind.toLowerCase()),
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid,
    generation: metadata.generation ?? 0,
    createdAt: metadata.creationTimestamp ?? null,
    images: imagesOf(spec.template),
    replicas: replicasOf(workload),
    paused: spec.paused ?? false,
    complete: waiting === null,
    waitingFor: waiting,
    progressDeadlineExceeded: progressDeadlineExceeded(workload),
    restartedAt: restartedAt(spec.template),
    conditions: status.conditions ?? [],
    revisions: revisions.sort((a, b) => b.revision - a.revision).slice(0, 10),
  };
}
