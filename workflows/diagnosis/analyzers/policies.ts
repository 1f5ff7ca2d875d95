import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import type { SeenNetworkPolicy } from '../model/network.ts';
import { selects } from '../model/seen.ts';
import type { Snapshot } from '../snapshot.ts';
import { callers } from '../topology.ts';

/** Services whose pods the policy closes, and that cannot be reached. */
function closed(snapshot: Snapshot, policy: SeenNetworkPolicy): Finding[] {
  const all = Object.keys(policy.podSelector).length === 0;
  const workloads = snapshot.workloads.filter(
    ({ site, namespace, ready, selector, spec }) =>
      site === policy.site &&
      namespace === policy.namespace &&
      ready > 0 &&
      (all || selects(policy.podSelector, { ...selector, ...spec?.labels })),
  );
  return workloads.flatMap((workload) => {
    const services = snapshot.services
      .filter(({ selector }) => selects(selector, { ...workload.selector, ...workload.spec?.labels }))
      .map(({ name }) => name);
    // Where it gets no requests any more, those who call it fail.
    const sufferers = [workload.name, ...services].flatMap((name) => [name, ...callers(snapshot, workload.namespace, name)]);
    const missed =
      snapshot.reach.find(({ service, ok }) => services.includes(service) && !ok) ??
      snapshot.signals.find(
        ({ metric, site, entity }) =>
          metric === 'errors' && site === policy.site && entity.namespace === workload.namespace && sufferers.includes(entity.name),
      );
    if (missed === undefined) return [];
    return [
      finding({
        analyzer: 'policies',
        cause: 'network_policy_denies',
        entity: { site: policy.site, kind: workload.kind, namespace: workload.namespace, name: workload.name },
        title: `The network policy ${policy.name} closes ${workload.name}`,
        mechanism: `${policy.name} picks the pods of ${workload.name} and allows no ${policy.deniesAll.join(' and no ')}: connections to it time out, though its pods are ready.`,
        refutedBy: 'Another policy allows the traffic, or the network of the cluster enforces none.',
        confidence: 0.88,
        evidence: [
          [policy, `${policy.name} allows no ${policy.deniesAll.join(', ')}`],
          [missed, `connections to ${workload.name} fail`],
        ],
        facts: { policy: policy.name },
      }),
    ];
  });
}

/** Network policies that shut out callers. */
export function policies(snapshot: Snapshot): readonly Finding[] {
  return snapshot.networkPolicies.filter(({ deniesAll }) => deniesAll.length > 0).flatMap((policy) => closed(snapshot, policy));
}
