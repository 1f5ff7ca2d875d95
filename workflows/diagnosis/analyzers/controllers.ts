import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { controlPlaneEntity, isCut, lacking, podsOf } from '../look.ts';
import type { Snapshot } from '../snapshot.ts';

/** Workloads whose changes nobody has looked at, and that have no pod: the controllers of the cluster do not run. */
export function controllers(snapshot: Snapshot): readonly Finding[] {
  const ignored = lacking(snapshot).filter(
    (workload) =>
      workload.unobserved === true &&
      podsOf(snapshot, workload).length === 0 &&
      !isCut(snapshot, workload.site, 'pod', workload.namespace) &&
      !snapshot.events.some(
        ({ site, namespace, reason }) => site === workload.site && namespace === workload.namespace && /Create$/.test(reason),
      ),
  );
  const [first] = ignored;
  if (first === undefined) return [];
  const told = ignored.slice(0, 5);
  const names = told.map(({ name }) => name).join(', ');
  return [
    finding({
      analyzer: 'controllers',
      cause: 'controller_manager_down',
      entity: controlPlaneEntity(snapshot, first.site, 'kube-controller-manager'),
      title: 'Nobody makes the pods of workloads',
      mechanism: `${names} changed, no controller has looked at it since, and there is no pod: kube-controller-manager does not run, or cannot reach the API server.`,
      refutedBy: 'The observed generation of the workload is its generation now.',
      confidence: 0.85,
      evidence: told.map((one) => [one, `${one.name}: its generation was not observed, ${one.ready} of ${one.desired} ready`] as const),
    }),
  ];
}
