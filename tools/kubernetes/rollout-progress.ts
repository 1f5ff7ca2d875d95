import type { WorkloadObject } from './objects.ts';

/** What a rollout still waits for, in words; null when it is complete, decided as `kubectl rollout status` decides. */
export function waitingFor(workload: WorkloadObject): string | null {
  if ((workload.metadata.generation ?? 0) > workload.status.observedGeneration) return 'the controller has not seen the latest change';
  switch (workload.kind) {
    case 'Deployment':
      return deployment(workload);
    case 'StatefulSet':
      return statefulSet(workload);
    case 'DaemonSet':
      return daemonSet(workload);
  }
}

export function progressDeadlineExceeded(workload: WorkloadObject): boolean {
  return (workload.status.conditions ?? []).some(
    (condition) => condition.type === 'Progressing' && condition.reason === 'ProgressDeadlineExceeded',
  );
}

function deployment({ spec, status, ...workload }: WorkloadObject): string | null {
  if (progressDeadlineExceeded({ ...workload, spec, status })) return 'nothing: the progress deadline is exceeded';
  const desired = spec.replicas ?? 1;
  if (status.updatedReplicas < desired) return `${status.updatedReplicas} of ${desired} new replicas have been updated`;
  if (status.replicas > status.updatedReplicas) return `${status.replicas - status.updatedReplicas} old replicas are pending termination`;
  if (status.availableReplicas < status.updatedReplicas)
    return `${status.availableReplicas} of ${status.updatedReplicas} updated replicas are available`;
  return null;
}

/** With strategy OnDelete kubectl refuses to answer; complete means here what it means elsewhere: every pod updated and ready. */
function statefulSet({ spec, status }: WorkloadObject): string | null {
  const desired = spec.replicas ?? 1;
  if (status.readyReplicas < desired) return `${status.readyReplicas} of ${desired} pods are ready`;
  const rollingUpdate = spec.updateStrategy?.rollingUpdate;
  if (rollingUpdate != null) {
    const wanted = Math.max(0, desired - (rollingUpdate.partition ?? 0));
    return status.updatedReplicas < wanted ? `${status.updatedReplicas} of ${wanted} new pods have been updated` : null;
  }
  if (status.updateRevision !== status.currentRevision) return `${status.updatedReplicas} of ${desired} pods are at the new revision`;
  return null;
}

function daemonSet({ status }: WorkloadObject): string | null {
  const desired = status.desiredNumberScheduled;
  if (status.updatedNumberScheduled < desired) return `${status.updatedNumberScheduled} of ${desired} new pods have been updated`;
  if (status.numberAvailable < desired) return `${status.numberAvailable} of ${desired} updated pods are available`;
  return null;
}
