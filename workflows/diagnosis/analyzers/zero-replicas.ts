import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { workloadEntity } from '../look.ts';
import type { SeenService } from '../model/network.ts';
import { selects } from '../model/seen.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

function serving(snapshot: Snapshot, workload: SeenWorkload): SeenService | undefined {
  return snapshot.services.find(
    ({ site, namespace, selector }) =>
      site === workload.site && namespace === workload.namespace && selects(selector, { ...workload.selector, ...workload.spec?.labels }),
  );
}

/** Scaled by something else than people, which starts it when it is called. */
const asleep = (snapshot: Snapshot, { site, namespace, name, spec, labels }: SeenWorkload) =>
  snapshot.autoscalers.some((one) => one.site === site && one.namespace === namespace && one.target.name === name) ||
  Object.keys({ ...labels, ...spec?.annotations }).some((key) => /keda\.sh|knative\.dev|sablier|scaledobject/i.test(key));

/** Somebody misses it: a connection that failed, an error of a call to it. */
function missed(snapshot: Snapshot, service: SeenService): boolean {
  const here = { site: service.site, namespace: service.namespace };
  return (
    snapshot.reach.some(
      ({ site, namespace, service: name, ok }) => site === here.site && namespace === here.namespace && name === service.name && !ok,
    ) ||
    snapshot.signals.some(({ entity, metric }) => metric === 'errors' && entity.name === service.name) ||
    snapshot.calls.some(({ site, to, possible }) => site === here.site && to === service.name && possible !== true)
  );
}

function explain(snapshot: Snapshot, workload: SeenWorkload): Finding[] {
  const service = serving(snapshot, workload);
  if (service === undefined) return [];
  const suffers = missed(snapshot, service) || ailing(snapshot, service);
  const named = snapshot.calls.some(
    ({ site, namespace, to }) => site === service.site && namespace === service.namespace && to === service.name,
  );
  if (!suffers && (!named || asleep(snapshot, workload))) return [];
  return [
    finding({
      analyzer: 'zero-replicas',
      cause: 'zero_replicas',
      entity: workloadEntity(workload),
      title: `${workload.name} is scaled to zero, and still called`,
      mechanism: `No pod is wanted of ${workload.name}, so the service ${service.name} has nothing behind it, and every call to it fails.`,
      refutedBy: 'It was scaled to zero on purpose, and nobody calls it.',
      // What others are set up to call may be off on purpose.
      confidence: suffers ? 0.9 : 0.4,
      evidence: [
        [workload, `${workload.name} wants 0 replicas`],
        [service, `the service ${service.name} sends to it`],
      ],
      facts: { service: service.name },
    }),
  ];
}

/** Workloads that somebody calls and that nobody runs. */
export function zeroReplicas(snapshot: Snapshot): readonly Finding[] {
  return snapshot.workloads
    .filter(({ desired, kind }) => desired === 0 && kind !== 'daemonset')
    .flatMap((workload) => explain(snapshot, workload));
}
