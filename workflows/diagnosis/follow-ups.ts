import type { ReadableKind } from '../../tools/kubernetes/kinds.ts';
import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { containerFailure } from './container-failure.ts';
import { inTrouble } from './look.ts';
import { measureProbes } from './measures.ts';
import type { SeenPod, Snapshot } from './snapshot.ts';
import { type Symptom, symptoms } from './symptoms.ts';
import { readTraces } from './traces.ts';

/** Logs of at most this many pods are read, one per owner. */
const maximumLogs = 3;
/** Traces that are read in one round. */
const maximumTraces = 6;
/** Reads of objects in one round. */
const maximumReads = 14;
/** Namespaces whose measures are read. */
const maximumNamespaces = 2;
/** A finding as sure as this leaves nothing to ask about its entity. */
const sure = 0.85;

/** What is read of a symptom that nothing explains yet: the objects that the remaining hypotheses speak of. */
const wanted: Readonly<Record<Symptom['kind'], readonly ReadableKind[]>> = {
  waiting: ['node', 'deployment', 'persistentvolumeclaim', 'persistentvolume', 'storageclass'],
  unready: ['deployment', 'node', 'service'],
  lacking: ['deployment', 'resourcequota', 'serviceaccount', 'mutatingwebhookconfiguration', 'validatingwebhookconfiguration'],
  errors: ['service', 'deployment', 'endpointslice', 'networkpolicy', 'ingress', 'httproute', 'configmap'],
};

const clusterWide: ReadonlySet<ReadableKind> = new Set([
  'node',
  'persistentvolume',
  'storageclass',
  'mutatingwebhookconfiguration',
  'validatingwebhookconfiguration',
]);

function troubled(snapshot: Snapshot): readonly SeenPod[] {
  const byOwner = new Map<string, SeenPod>();
  for (const seen of snapshot.pods) {
    const crashing = containerFailure(seen.pod)?.cause === 'crash_loop';
    const silent = inTrouble(seen) && seen.pod.containers.some(({ init, state }) => !init && state?.kind === 'running');
    if (!crashing && !silent) continue;
    const owner = `${seen.site}/${seen.pod.namespace}/${seen.pod.owner?.name ?? seen.pod.name}`;
    if (!byOwner.has(owner)) byOwner.set(owner, seen);
  }
  return [...byOwner.values()].slice(0, maximumLogs);
}

function logs(snapshot: Snapshot): Probe[] {
  return troubled(snapshot).map(({ site, pod }) => {
    const container = containerFailure(pod)?.container;
    const previous = container !== undefined;
    return {
      site,
      title: previous ? `Log of ${pod.name} before its last restart` : `Log of ${pod.name}`,
      operation: 'kubernetes.logs',
      input: { namespace: pod.namespace, pod: pod.name, ...(previous ? { container, previous } : {}), tail: 50 },
    };
  });
}

function objects(symptom: Symptom): Probe[] {
  return wanted[symptom.kind].map((kind) => {
    const wide = clusterWide.has(kind);
    return {
      site: symptom.site,
      title: wide ? `Objects of the kind ${kind}` : `Objects of the kind ${kind} in ${symptom.namespace}`,
      operation: 'kubernetes.get',
      input: wide ? { kind } : { kind, namespace: symptom.namespace },
    };
  });
}

function explained({ site, namespace, name }: Symptom, findings: readonly Finding[]): boolean {
  return findings.some(
    ({ entity, confidence }) => confidence >= sure && entity.site === site && entity.namespace === namespace && entity.name === name,
  );
}

/** What exporters measure, of the namespaces that were looked at: where no finding is sure, and before an all-clear. */
function measured(snapshot: Snapshot, findings: readonly Finding[], sites: Estate['sites']): readonly Probe[] {
  if (findings.some(({ confidence }) => confidence >= sure)) return [];
  const seen = Map.groupBy(snapshot.pods, ({ site }) => site);
  return sites
    .filter(({ systems }) => systems.includes('prometheus'))
    .flatMap(({ name }) => {
      const namespaces = new Set((seen.get(name) ?? []).map(({ pod }) => pod.namespace));
      return namespaces.size === 0 ? [] : measureProbes(name, [...namespaces].slice(0, maximumNamespaces), snapshot.at);
    });
}

/**
 * Reads that would say more: why containers end, and what could explain what is not explained yet. Each once, the first symptoms first.
 * `sites`: where measures can be read.
 */
export function followUps(snapshot: Snapshot, findings: readonly Finding[], sites: Estate['sites'] = []): readonly Probe[] {
  const open = symptoms(snapshot).filter((symptom) => !explained(symptom, findings));
  const reads = new Map(open.flatMap(objects).map((probe) => [`${probe.site} ${probe.title}`, probe]));
  const objectReads = [...reads.values()].slice(0, maximumReads);
  return [...logs(snapshot), ...readTraces(snapshot).slice(0, maximumTraces), ...objectReads, ...measured(snapshot, findings, sites)];
}
