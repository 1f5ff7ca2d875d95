import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import type { SeenAutoscaler } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

function target(snapshot: Snapshot, one: SeenAutoscaler): 'missing' | 'present' | 'unknown' {
  const here = snapshot.workloads.filter(
    ({ site, namespace, kind }) => site === one.site && namespace === one.namespace && kind === one.target.kind,
  );
  if (here.some(({ name }) => name === one.target.name)) return 'present';
  return one.conditions.some(({ type, status, reason }) => type === 'AbleToScale' && status === 'False' && reason === 'FailedGetScale')
    ? 'missing'
    : 'unknown';
}

const starved = (snapshot: Snapshot, { site, namespace, target: { name } }: SeenAutoscaler) =>
  ailing(snapshot, { site, namespace, name }) ||
  snapshot.signals.some(({ entity, metric }) => entity.name === name && entity.namespace === namespace && /^(cpu|memory)/.test(metric));

/** Autoscalers that cannot scale: nothing to scale, nothing to scale by, or nowhere to go. */
export function autoscalers(snapshot: Snapshot): readonly Finding[] {
  return snapshot.autoscalers.flatMap((one) => {
    const blind = one.conditions.find(
      ({ type, status, reason }) => type === 'ScalingActive' && status === 'False' && reason !== 'ScalingDisabled',
    );
    const limited = one.conditions.find(
      ({ type, status, reason }) => type === 'ScalingLimited' && status === 'True' && reason === 'TooManyReplicas',
    );
    const missing = target(snapshot, one) === 'missing';
    // Its maximum is where somebody wants it to stop, unless what it scales is short of something there.
    const short = limited !== undefined && starved(snapshot, one) ? limited : undefined;
    const condition = missing ? one.conditions.find(({ type }) => type === 'AbleToScale') : (blind ?? short);
    if (condition === undefined) return [];
    const [cause, says, confidence] = missing
      ? (['autoscaler_target_missing', 'has nothing to scale', 0.9] as const)
      : blind !== undefined
        ? (['autoscaler_without_metrics', 'sees no metrics', 0.8] as const)
        : (['autoscaler_at_maximum', `wants more than its maximum of ${one.maximum}`, 0.5] as const);
    return [
      finding({
        analyzer: 'autoscalers',
        cause,
        entity: { site: one.site, kind: 'horizontalpodautoscaler', namespace: one.namespace, name: one.name },
        title: `The autoscaler ${one.name} ${says}`,
        mechanism: `${one.target.kind} ${one.target.name} does not get the replicas that its load asks for: ${condition.message}`,
        refutedBy: 'It changed the number of replicas since.',
        confidence,
        evidence: [[one, `${condition.type} ${condition.status}: ${condition.reason} ${condition.message}`]],
        facts: { target: one.target.name },
      }),
    ];
  });
}
