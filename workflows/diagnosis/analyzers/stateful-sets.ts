import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { existing, workloadEntity } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';

/** Stateful sets whose governing service is missing: their pods have no names of their own. */
export function statefulSets(snapshot: Snapshot): readonly Finding[] {
  return snapshot.workloads.flatMap((workload) => {
    const { serviceName } = workload;
    if (workload.kind !== 'statefulset' || serviceName === null || serviceName === '') return [];
    if (existing(snapshot, workload.site, 'service', workload.namespace)?.has(serviceName) !== false) return [];
    return [
      finding({
        analyzer: 'stateful-sets',
        cause: 'governing_service_missing',
        entity: workloadEntity(workload),
        title: `The stateful set ${workload.name} names a service that does not exist: ${serviceName}`,
        mechanism: 'Its pods find each other by names below that service; without it the names do not resolve.',
        refutedBy: 'The service exists, or the pods do not look for each other.',
        // Where they do not look for each other, nobody misses it.
        confidence: workload.ready < workload.desired ? 0.75 : 0.5,
        evidence: [[workload, `serviceName ${serviceName}`]],
      }),
    ];
  });
}
