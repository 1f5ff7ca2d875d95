import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { logsOf } from '../logs.ts';
import { inTrouble, onePerOwner, podEntity, specOf } from '../look.ts';
import type { SeenPod } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

const unresolved =
  /UnknownHost|no such host|name resolution|could not resolve|name or service not known|NXDOMAIN|SERVFAIL|ENOTFOUND|EAI_AGAIN/i;

/** On the node itself, as caches of the cluster's DNS are: they forward. */
const ofNode = /^(127\.|169\.254\.|::1$|fd00:)/;

/** Asked by nobody else in the namespace: a resolver that all use is how the cluster is set up. */
const unusual = (snapshot: Snapshot, seen: SeenPod, nameservers: readonly string[]) =>
  !nameservers.some(
    (address) =>
      ofNode.test(address) ||
      snapshot.workloads.some(
        ({ site, namespace, name, spec }) =>
          site === seen.site && namespace === seen.pod.namespace && name !== podEntity(seen).name && spec?.nameservers.includes(address),
      ),
  );

/** Its own resolver instead of the cluster's: nothing of the cluster resolves with it unless it forwards. */
function ownResolver(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const spec = specOf(snapshot, seen);
  if (spec === null || spec.dnsPolicy !== 'None') return [];
  const log = logsOf(snapshot, seen).find(({ sample }) => unresolved.test(sample));
  const entity = podEntity(seen);
  const calls = snapshot.calls.some(({ namespace, from }) => namespace === entity.namespace && from === entity.name);
  const suffers = calls && unusual(snapshot, seen, spec.nameservers) && ailing(snapshot, { ...entity, namespace: seen.pod.namespace });
  // One that is ready may serve others without ever asking for a name, or its resolver forwards what it asks.
  if (!inTrouble(seen) && log === undefined && !suffers) return [];
  return [
    finding({
      analyzer: 'resolution',
      cause: 'dns_misconfigured',
      entity,
      title: `${entity.name} resolves names by itself and does not find the services of the cluster`,
      mechanism: `Its DNS policy is None with the name servers ${spec.nameservers.join(', ') || '(none)'}: it does not ask the DNS of the cluster, so the names of services do not resolve.`,
      refutedBy: 'The names of services resolve inside the pod.',
      confidence: log !== undefined ? 0.95 : inTrouble(seen) ? 0.88 : 0.75,
      evidence: [
        [
          seen,
          `${seen.pod.name} is ${seen.pod.ready ? 'ready' : 'not ready'}; DNS policy None, name servers ${spec.nameservers.join(', ')}`,
        ],
        ...(log === undefined ? [] : [[log, log.sample.slice(0, 480)] as const]),
      ],
    }),
  ];
}

/** It says that it does not find a service which exists: the name is right, its resolution is not. */
function lost(snapshot: Snapshot, seen: SeenPod): Finding[] {
  const names = snapshot.services
    .filter(({ site, namespace }) => site === seen.site && namespace === seen.pod.namespace)
    .map(({ name }) => name);
  const said = (sample: string) =>
    names.find((name) =>
      new RegExp(`(lookup|UnknownHost\\w*:?|resolve|ENOTFOUND)[^\\n]{0,60}\\b${RegExp.escape(name)}\\b`, 'i').test(sample),
    );
  const log = logsOf(snapshot, seen).find(({ sample }) => unresolved.test(sample) && said(sample) !== undefined);
  if (log === undefined) return [];
  const entity = podEntity(seen);
  return [
    finding({
      analyzer: 'resolution',
      cause: 'dns_misconfigured',
      entity,
      title: `${entity.name} does not find ${said(log.sample)}, which exists`,
      mechanism: `The service ${said(log.sample)} exists, and its name does not resolve in ${entity.name}: its resolver, or its way to the DNS of the cluster, is broken.`,
      refutedBy: 'The name resolves inside the pod.',
      confidence: 0.8,
      evidence: [
        [log, log.sample.slice(0, 480)],
        [seen, `${seen.pod.name} is not ready`],
      ],
    }),
  ];
}

const dnsNames = new Set(['coredns', 'kube-dns', 'node-local-dns']);

/** The DNS of the cluster itself. */
function clusterDns(snapshot: Snapshot): Finding[] {
  return snapshot.workloads
    .filter(({ name, ready, desired }) => dnsNames.has(name) && desired > 0 && ready === 0)
    .map((workload) =>
      finding({
        analyzer: 'resolution',
        cause: 'cluster_dns_down',
        entity: { site: workload.site, kind: workload.kind, namespace: workload.namespace, name: workload.name },
        title: `The DNS of the cluster is down: ${workload.name} has no ready pod`,
        mechanism: 'No name of a service resolves while no pod of the cluster DNS is ready.',
        refutedBy: 'Names of services resolve in other pods.',
        confidence: 0.95,
        evidence: [[workload, `${workload.ready} of ${workload.desired} ready`]],
      }),
    );
}

/** Names that do not resolve: because of the pod, or of the DNS of the cluster. */
export function resolution(snapshot: Snapshot): readonly Finding[] {
  return [
    ...clusterDns(snapshot),
    ...onePerOwner(snapshot.pods.filter(({ pod }) => pod.node !== null && !pod.deleting)).flatMap((seen) => {
      const own = ownResolver(snapshot, seen);
      return own.length > 0 || !inTrouble(seen) ? own : lost(snapshot, seen);
    }),
  ];
}
