import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { onePerOwner, podEntity, workloadOf } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';

/** By which a kubelet refuses a pod that was given to it. Source: kubernetes/pkg/kubelet/lifecycle, sysctl/allowlist.go. */
const rejected =
  /^(SysctlForbidden|UnexpectedAdmissionError|NodeAffinity|OutOf\w+|AppArmor|PodOSNotSupported|PodOSSelectorNodeLabelDoesNotMatch|InvalidNodeInfo|TopologyAffinityError)$/;

/** Workloads that lack replicas because a kubelet refuses their pods, each time that they are made anew. */
export function rejections(snapshot: Snapshot): readonly Finding[] {
  const refused = snapshot.pods.filter((seen) => seen.pod.phase === 'Failed' && rejected.test(seen.pod.reason ?? ''));
  return onePerOwner(refused).flatMap((seen) => {
    const workload = workloadOf(snapshot, seen);
    if (workload !== undefined && workload.ready >= workload.desired) return [];
    const entity = podEntity(seen);
    const { reason, message, node, name } = seen.pod;
    return [
      finding({
        analyzer: 'rejections',
        cause: reason === 'SysctlForbidden' ? 'sysctl_forbidden' : 'kubelet_rejects',
        entity,
        title: `The kubelet refuses the pods of ${entity.name}`,
        mechanism: `The kubelet of ${node ?? 'its node'} does not take such a pod (${reason ?? ''}), and whoever makes them makes the same one again. ${message ?? ''}`,
        refutedBy: 'A pod of the same template runs on that node.',
        confidence: 0.9,
        evidence: [
          [seen, `${name}: ${reason ?? ''} ${message ?? ''}`],
          ...(workload === undefined ? [] : [[workload, `${workload.ready} of ${workload.desired} ready`] as const]),
        ],
      }),
    ];
  });
}
