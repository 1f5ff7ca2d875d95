import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { workloadEntity } from '../look.ts';
import type { Opening, SeenNetworkPolicy } from '../model/network.ts';
import { selects } from '../model/seen.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';
import { callees } from '../topology.ts';

const labelsOf = ({ selector, spec }: SeenWorkload) => ({ ...selector, ...spec?.labels });
const picks = ({ podSelector }: SeenNetworkPolicy, workload: SeenWorkload) =>
  Object.keys(podSelector).length === 0 || selects(podSelector, labelsOf(workload));

/** What all policies of a workload together let through; null: none of them speaks of this direction, or none allows anybody. */
function openings(snapshot: Snapshot, workload: SeenWorkload, way: 'ingress' | 'egress') {
  const [policy, ...others] = snapshot.networkPolicies.filter(
    (one) =>
      one.site === workload.site && one.namespace === workload.namespace && one.allows?.includes(way) === true && picks(one, workload),
  );
  if (policy === undefined) return null;
  return { policy, all: [policy, ...others].flatMap(({ opens }) => opens?.[way] ?? [{ callers: null, ports: null }]) };
}

const opensTo = ({ callers, ports }: Opening, caller: SeenWorkload, own: ReadonlySet<number | string>) =>
  (callers === null || callers.some((labels) => selects(labels, labelsOf(caller)))) &&
  (ports === null || own.size === 0 || ports.some((port) => own.has(port)));

interface Shut {
  readonly policy: SeenNetworkPolicy;
  readonly words: string;
  /** Who is not let through. */
  readonly seen: SeenWorkload;
}

/** Callers that no rule of a workload's policies lets in. */
function shutOut(snapshot: Snapshot, workload: SeenWorkload): Shut[] {
  const open = openings(snapshot, workload, 'ingress');
  if (open === null) return [];
  const ports = workload.spec?.containers.flatMap((container) => container.ports) ?? [];
  const own = new Set<number | string>(ports.flatMap(({ name, port }) => (name === null ? [port] : [port, name])));
  const here = (one: { readonly site: string; readonly namespace: string }) =>
    one.site === workload.site && one.namespace === workload.namespace;
  const services = snapshot.services.filter((one) => here(one) && selects(one.selector, labelsOf(workload)));
  const names = new Set([workload.name, ...services.map(({ name }) => name)]);
  return snapshot.workloads
    .filter((caller) => here(caller) && caller.name !== workload.name && ailing(snapshot, caller))
    .filter((caller) => callees(snapshot, caller.namespace, caller.name).some((to) => names.has(to)))
    .filter((caller) => !open.all.some((one) => opensTo(one, caller, own)))
    .map((caller) => ({ policy: open.policy, seen: caller, words: `no rule lets ${caller.name} in to ${workload.name}` }));
}

const unresolved = /UnknownHost|no such host|name resolution|could not resolve|name or service not known|ENOTFOUND|EAI_AGAIN/i;

/** Workloads that may ask others, but not the DNS. */
function withoutNames(snapshot: Snapshot, workload: SeenWorkload): Shut[] {
  const open = openings(snapshot, workload, 'egress');
  const log = snapshot.templates.some(
    ({ site, namespace, source, sample }) =>
      site === workload.site && namespace === workload.namespace && source === workload.name && unresolved.test(sample),
  );
  if (open === null || !log || open.all.some(({ ports }) => ports === null || ports.some((port) => /^(53|dns(-.*)?)$/.test(String(port)))))
    return [];
  return [{ policy: open.policy, seen: workload, words: `no rule lets ${workload.name} ask the DNS, at port 53` }];
}

/** Policies that allow some, and leave out one who is needed. */
export function openingsMissing(snapshot: Snapshot): readonly Finding[] {
  return snapshot.workloads.flatMap((workload) =>
    [...shutOut(snapshot, workload), ...withoutNames(snapshot, workload)].slice(0, 1).map(({ policy, words, seen }) =>
      finding({
        analyzer: 'openings',
        cause: 'network_policy_denies',
        entity: workloadEntity(workload),
        title: `The network policy ${policy.name} leaves out who is needed: ${words}`,
        mechanism: `${policy.name} picks the pods of ${workload.name}; what no policy allows is dropped, and ${words}.`,
        refutedBy: 'Another policy allows it, or the network of the cluster enforces none.',
        confidence: 0.82,
        evidence: [
          [policy, `${policy.name}: ${words}`],
          [seen, `${seen.name} has ${seen.ready} of ${seen.desired} replicas`],
        ],
        facts: { policy: policy.name },
      }),
    ),
  );
}
