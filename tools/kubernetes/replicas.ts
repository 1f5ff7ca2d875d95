import { z } from 'zod';
import type { WorkloadObject } from './objects.ts';

/** Pods that a workload asks for, and what became of them. */
export const ReplicaCounts = z.object({
  desired: z.number().int(),
  updated: z.number().int(),
  ready: z.number().int(),
  available: z.number().int(),
  unavailable: z.number().int(),
});
export type ReplicaCounts = z.infer<typeof ReplicaCounts>;

/** Daemon sets count by node, under names of their own. */
export function replicasOf({ kind, spec, status }: WorkloadObject): ReplicaCounts {
  const daemonSet = kind === 'DaemonSet';
  const desired = daemonSet ? status.desiredNumberScheduled : (spec.replicas ?? 1);
  const available = daemonSet ? status.numberAvailable : status.availableReplicas;
  return {
    desired,
    updated: daemonSet ? status.updatedNumberScheduled : status.updatedReplicas,
    ready: daemonSet ? status.numberReady : status.readyReplicas,
    available,
    unavailable: Math.max(0, desired - available),
  };
}
