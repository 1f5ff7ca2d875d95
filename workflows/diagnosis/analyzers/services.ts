import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { isCut } from '../look.ts';
import type { SeenService, ServicePort } from '../model/network.ts';
import type { PortSpec } from '../model/pod-spec.ts';
import { selects } from '../model/seen.ts';
import type { SeenWorkload } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

const at = ({ site, namespace, name }: SeenService) => ({ site, kind: 'service', namespace, name });
const beside = (service: SeenService) => (one: { readonly site: string; readonly namespace: string }) =>
  one.site === service.site && one.namespace === service.namespace;
const labelsOf = (workload: SeenWorkload) => ({ ...workload.selector, ...workload.spec?.labels });

function attempts(snapshot: Snapshot, service: SeenService): { tried: boolean; failed: boolean } {
  const all = snapshot.reach.filter(
    ({ site, namespace, service: name }) => site === service.site && namespace === service.namespace && name === service.name,
  );
  return { tried: all.length > 0, failed: all.length > 0 && all.every(({ ok }) => !ok) };
}

/** The workload that is meant: of the same name, or whose labels share a value with the selector. */
function meant(snapshot: Snapshot, service: SeenService): SeenWorkload | undefined {
  const here = snapshot.workloads.filter(beside(service));
  const shared = (workload: SeenWorkload) => {
    const labels = labelsOf(workload);
    return Object.entries(service.selector).some(
      ([key, value]) => labels[key] === value && !/^(app\.kubernetes\.io\/(managed-by|part-of)|release|tier)$/.test(key),
    );
  };
  return (
    here.find(({ name }) => name === service.name) ??
    here.find(shared) ??
    here.find(({ labels }) => Object.values(labels).includes(service.name))
  );
}

/** Its pods are served by another service, which does not bear the name of the workload by chance. */
const spare = (snapshot: Snapshot, service: SeenService, workload: SeenWorkload) =>
  service.name !== workload.name &&
  snapshot.services.some((other) => other !== service && beside(service)(other) && selects(other.selector, labelsOf(workload)));

function selectorFinding(snapshot: Snapshot, service: SeenService): Finding[] {
  if (Object.keys(service.selector).length === 0) return [];
  // One of those that were not seen may carry the labels.
  if (['deployment', 'pod'].some((kind) => isCut(snapshot, service.site, kind, service.namespace))) return [];
  const behind = snapshot.workloads.filter(beside(service)).some((workload) => selects(service.selector, labelsOf(workload)));
  const pods = snapshot.pods.some(
    ({ site, pod, detail }) =>
      site === service.site && pod.namespace === service.namespace && selects(service.selector, detail?.labels ?? {}),
  );
  const workload = meant(snapshot, service);
  const answered = snapshot.endpoints.some((one) => beside(service)(one) && one.service === service.name && one.ready > 0);
  if (behind || pods || answered || workload === undefined || workload.ready === 0) return [];
  // Beside the service that serves the workload others wait for pods that come and go: of a canary, a preview, a leader.
  if (spare(snapshot, service, workload) && !ailing(snapshot, service)) return [];
  // Of what was only counted, nobody knows the labels.
  if (workload.spec === null && Object.keys(labelsOf(workload)).length === 0) return [];
  const wanted = Object.entries(service.selector).map(([key, value]) => `${key}=${value}`);
  return [
    finding({
      analyzer: 'services',
      cause: 'service_selector_mismatch',
      entity: at(service),
      title: `The service ${service.name} selects no pod`,
      mechanism: `It selects ${wanted.join(', ')}, which no pod carries, while ${workload.name} runs ${workload.ready} ready pods: the service has no endpoints.`,
      refutedBy: 'A pod carries all the labels of the selector.',
      confidence: 0.94,
      evidence: [
        [service, `selector ${wanted.join(', ')}`],
        [workload, `${workload.name} is ready with other labels`],
      ],
      facts: { workload: workload.name },
    }),
  ];
}

function wrongPort(port: ServicePort, open: readonly PortSpec[]): 'service_target_port_mismatch' | 'service_protocol_mismatch' | null {
  if (open.length === 0) return null;
  const same = open.filter(({ name, port: number }) => number === port.targetPort || name === port.targetPort);
  if (same.length === 0) return 'service_target_port_mismatch';
  return same.some(({ protocol }) => protocol === port.protocol) ? null : 'service_protocol_mismatch';
}

/** A mesh goes by the name of a port: what it takes for HTTP/1 breaks gRPC. */
function misnamed(port: ServicePort, workload: SeenWorkload): boolean {
  const probes = workload.spec?.containers.flatMap((container) => Object.values(container.probes)) ?? [];
  const here = probes.filter((probe) => probe.port === port.targetPort);
  const meshed = Object.entries(workload.spec?.annotations ?? {}).some(([key, value]) => key.includes('istio.io') && value !== 'false');
  return meshed && /^http(?!2)/.test(port.name ?? '') && here.length > 0 && here.every(({ kind }) => kind === 'grpc');
}

/** A check of a pod that is ready found somebody at that port. */
const asked = (workload: SeenWorkload, { targetPort }: ServicePort) =>
  workload.spec?.containers.some(({ probes }) => Object.values(probes).some(({ kind, port }) => kind !== 'exec' && port === targetPort)) ===
  true;

function portFindings(snapshot: Snapshot, service: SeenService): Finding[] {
  const { tried, failed } = attempts(snapshot, service);
  const workload = snapshot.workloads.filter(beside(service)).find((one) => selects(service.selector, labelsOf(one)));
  const open = workload?.spec?.containers.flatMap(({ ports }) => ports) ?? [];
  // A port that is not written down may be open all the same: a connection that succeeds says so.
  if (workload === undefined || workload.ready === 0) return [];
  const suffers = ailing(snapshot, service) || ailing(snapshot, workload);
  // Ports are written down for people: of a service that leads to one that is, another may be open all the same.
  const led = service.ports.some((port) => wrongPort(port, open) === null);
  const named = ({ targetPort }: ServicePort) => typeof targetPort === 'string';
  return service.ports.flatMap((port) => {
    const cause = wrongPort(port, open) ?? (misnamed(port, workload) ? 'service_protocol_mismatch' : null);
    if (cause === null || (cause === 'service_target_port_mismatch' && tried && !failed)) return [];
    const written = wrongPort(port, open) !== null && !named(port);
    const fine = led || (port.protocol === 'TCP' && asked(workload, port));
    if (written && fine && !suffers) return [];
    const listens = open.map((one) => `${one.port}/${one.protocol}`).join(', ');
    return [
      finding({
        analyzer: 'services',
        cause,
        entity: at(service),
        title: `The service ${service.name} sends to ${port.targetPort}/${port.protocol}, where ${workload.name} does not listen`,
        mechanism: `Its port ${port.port} leads to ${port.targetPort}/${port.protocol}; the containers of ${workload.name} listen at ${listens}. Connections through the service are refused.`,
        refutedBy: 'A connection through the service succeeds.',
        confidence: failed ? 0.94 : tried ? 0.8 : suffers || named(port) ? 0.7 : 0.5,
        evidence: [
          [service, `port ${port.port} → ${port.targetPort}/${port.protocol}`],
          [workload, `containers listen at ${listens}`],
        ],
        facts: { port: port.port, workload: workload.name },
      }),
    ];
  });
}

/** Services that lead nowhere: by their selector, a port or a protocol. */
export function services(snapshot: Snapshot): readonly Finding[] {
  return snapshot.services
    .filter(({ type }) => type !== 'ExternalName')
    .flatMap((service) => {
      const selector = selectorFinding(snapshot, service);
      return selector.length > 0 || service.headless === true ? selector : portFindings(snapshot, service).slice(0, 1);
    });
}
