import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import type { SeenNetworkPolicy } from '../model/network.ts';
import { selects } from '../model/seen.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';
import { callers } from '../topology.ts';

const picks = ({ podSelector }: SeenNetworkPolicy, { selector, spec }: SeenWorkload) =>
  Object.keys(podSelector).length === 0 || selects(podSelector, { ...selector, ...spec?.labels });

/** Services whose pods the policy closes, and that cannot be reached. */
function closed(snapshot: Snapshot, policy: SeenNetworkPolicy): Finding[] {
  const workloads = snapshot.workloads.filter(
    (workload) => workload.site === policy.site && workload.namespace === policy.namespace && workload.ready > 0 && picks(policy, workload),
  );
  return workloads.flatMap((workload) => {
    // Policies add up: what one of them allows is allowed.
    const allowed = snapshot.networkPolicies
      .filter((other) => other.site === policy.site && other.namespace === policy.namespace && picks(other, workload))
      .flatMap(({ allows }) => allows ?? []);
    if (policy.deniesAll.every((way) => allowed.includes(way))) return [];
    const services = snapshot.services
      .filter(({ site, namespace, selector }) => {
        return (
          site === policy.site && namespace === policy.namespace && selects(selector, { ...workload.selector, ...workload.spec?.labels })
        );
      })
      .map(({ name }) => name);
    // Where it gets no requests any more, those who call it fail.
    const sufferers = [workload.name, ...services].flatMap((name) => [name, ...callers(snapshot, workload.namespace, name)]);
    const missed =
      snapshot.reach.find(
        ({ site, namespace, service, ok }) => site === policy.site && namespace === policy.namespace && services.includes(service) && !ok,
      ) ??
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
