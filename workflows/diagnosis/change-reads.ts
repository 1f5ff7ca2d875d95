import type { Probe } from '../contracts/activities.ts';
import type { Finding } from '../contracts/finding.ts';
import type { Estate } from '../ports.ts';
import { announcedProbes } from './announced.ts';
import { cloudProbes } from './cloud.ts';
import { mergeProbes } from './merges.ts';
import type { SeenDelivery } from './model/delivery.ts';
import type { Kept } from './observed.ts';
import type { Snapshot } from './snapshot.ts';
import { symptoms } from './symptoms.ts';

type Site = Estate['sites'][number];

/** Histories of deliveries that are read in one round, of each system. */
const mostHistories = 2;
/** Seconds: what was delivered longer ago is not what began now. */
const recent = 7_200;

/** What delivery systems have brought to a namespace. Those of Argo CD are listed all at once. */
export function deliveryProbes({ name: site, systems }: Site, namespaces: readonly string[]): Probe[] {
  const releases = systems.includes('helm')
    ? namespaces.map((namespace) => ({ site, title: `Releases in ${namespace}`, operation: 'helm.list', input: { namespace } }))
    : [];
  const applications = systems.includes('argocd')
    ? [{ site, title: 'Applications of Argo CD', operation: 'argocd.app_list', input: {} }]
    : [];
  return [...releases, ...applications];
}

interface Place {
  readonly site: string;
  readonly namespace: string;
}

/** Where something is wrong, the first first. */
function troubledPlaces(snapshot: Snapshot, findings: readonly Finding[]): readonly Place[] {
  const found = findings.flatMap(({ entity: { site, namespace } }) => (namespace === null ? [] : [{ site, namespace }]));
  const open = symptoms(snapshot).map(({ site, namespace }) => ({ site, namespace }));
  return [...new Map([...found, ...open].map((place) => [`${place.site}/${place.namespace}`, place])).values()];
}

function historyProbe({ site, system, namespace, name }: SeenDelivery): Probe {
  return system === 'helm'
    ? { site, title: `Revisions of the release ${name} in ${namespace}`, operation: 'helm.history', input: { namespace, release: name } }
    : { site, title: `Deployments of the application ${name}`, operation: 'argocd.app_history', input: { application: name } };
}

/** Of what was delivered of late where something is wrong: what came before it, and whose it is. */
function historyProbes(snapshot: Snapshot, places: readonly Place[]): Probe[] {
  const late = snapshot.deliveries
    .filter(
      ({ site, namespace, age }) => age !== null && age <= recent && places.some((one) => one.site === site && one.namespace === namespace),
    )
    .toSorted((a, b) => (a.age ?? 0) - (b.age ?? 0));
  const of = (system: SeenDelivery['system']) => late.filter((one) => one.system === system).slice(0, mostHistories);
  const marked = [...new Map(late.map((one) => [`${one.site}/${one.namespace}`, one])).values()].slice(0, mostHistories);
  // The labels of a workload say what delivered it.
  const workloads = marked.map(({ site, namespace }) => ({
    ...{ site, title: `Objects of the kind deployment in ${namespace}`, operation: 'kubernetes.get' },
    input: { kind: 'deployment', namespace },
  }));
  return [...of('helm').map(historyProbe), ...of('argocd').map(historyProbe), ...workloads];
}

/** Services of the configuration that something is wrong with; where none of them is named, those of the same namespace. */
function troubledServices(snapshot: Snapshot, findings: readonly Finding[], estate: Estate, places: readonly Place[]) {
  const names = new Set([
    ...findings.map(({ entity: { site, namespace, name } }) => `${site}/${namespace ?? ''}/${name}`),
    ...symptoms(snapshot).map(({ site, namespace, name }) => `${site}/${namespace}/${name}`),
  ]);
  const named = estate.services.filter(({ site, namespace, name }) => names.has(`${site}/${namespace}/${name}`));
  if (named.length > 0) return named;
  return estate.services.filter((service) =>
    places.some(({ site, namespace }) => site === service.site && namespace === service.namespace),
  );
}

/**
 * What tells of changes, where something is wrong: nothing of it is read of an estate in order. A change explains; it finds nothing by itself, so
 * these reads are few.
 */
export function changeReads(snapshot: Snapshot, findings: readonly Finding[], estate: Estate, kept: readonly Kept[]): readonly Probe[] {
  const places = troubledPlaces(snapshot, findings);
  const wrong = new Set([...places.map(({ site }) => site), ...findings.map(({ entity }) => entity.site)]);
  const services = troubledServices(snapshot, findings, estate, places);
  const groups = kept.filter(({ body }) => body.operation === 'aws.asg_groups');
  return [
    ...historyProbes(snapshot, places),
    ...mergeProbes(estate, services, snapshot.at),
    ...announcedProbes(services, snapshot.at),
    ...cloudProbes(
      estate.sites.filter(({ name }) => wrong.has(name)),
      findings,
      groups,
      snapshot.at,
    ),
  ];
}
