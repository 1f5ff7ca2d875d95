import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { podsBehind } from '../look.ts';
import type { SeenDisruptionBudget } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** An autoscaler, or whoever empties the node, says that a pod may not be evicted. */
const refusedEviction = (snapshot: Snapshot, { site, namespace }: SeenDisruptionBudget) =>
  snapshot.events.some(
    ({ warning, message, ...event }) =>
      event.site === site && (event.namespace === namespace || event.kind === 'node') && warning && /evict|disruption/i.test(message),
  );

/** Budgets that allow no disruption while a node is being emptied: the drain does not end. */
function drains(snapshot: Snapshot): Finding[] {
  const closing = new Set(
    snapshot.nodes.filter(({ unschedulable, controlPlane }) => unschedulable && !controlPlane).map(({ name }) => name),
  );
  return snapshot.budgets
    .filter(({ allowed, expectedPods }) => allowed === 0 && expectedPods > 0)
    .flatMap((budget) => {
      const held = podsBehind(snapshot, budget.site, budget.namespace, budget.selector).find(
        ({ pod }) => pod.ready && closing.has(pod.node ?? ''),
      );
      if (held === undefined) return [];
      return [
        finding({
          analyzer: 'disruption',
          cause: 'disruption_budget_blocks',
          entity: { site: budget.site, kind: 'poddisruptionbudget', namespace: budget.namespace, name: budget.name },
          title: `The disruption budget ${budget.name} allows no pod to be evicted`,
          mechanism: `${held.pod.node} is cordoned, and ${held.pod.name} may not be evicted from it: the budget wants ${budget.desiredHealthy} of ${budget.expectedPods} pods at any time.`,
          refutedBy: 'Nobody drains the node, or the budget allows a disruption now.',
          // A node may be closed without being emptied.
          confidence: refusedEviction(snapshot, budget) ? 0.7 : 0.4,
          evidence: [[budget, `0 disruptions allowed, ${budget.desiredHealthy} of ${budget.expectedPods} must be healthy`]],
        }),
      ];
    });
}

/** Pods that their node evicted. */
function evictions(snapshot: Snapshot): Finding[] {
  return snapshot.pods
    .filter(({ pod }) => pod.phase === 'Failed' && pod.reason === 'Evicted')
    .slice(0, 20)
    .map((seen) =>
      finding({
        analyzer: 'disruption',
        cause: 'evicted',
        entity: { site: seen.site, kind: 'pod', namespace: seen.pod.namespace, name: seen.pod.name },
        title: `${seen.pod.name} was evicted`,
        mechanism: `Its node ran short of a resource and evicted it: ${seen.pod.message ?? ''}`,
        refutedBy: 'It was evicted long ago, and its workload has all its replicas.',
        confidence: 0.5,
        evidence: [[seen, seen.pod.message ?? 'Evicted']],
      }),
    );
}

export function disruption(snapshot: Snapshot): readonly Finding[] {
  return [...drains(snapshot), ...evictions(snapshot)];
}
