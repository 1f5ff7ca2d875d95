import type { Entity, Finding } from '../contracts/finding.ts';
import { changed } from './changed.ts';
import type { Links } from './compete.ts';
import { deploymentOf, ownerOf } from './look.ts';
import type { ChangeKind, SeenChange } from './model/change.ts';
import type { Snapshot } from './snapshot.ts';

export interface RankedChange extends SeenChange {
  /** 0 to 1: near in time, near in the estate, and able to cause it. */
  readonly score: number;
  /** Why it stands where it stands. */
  readonly because: string;
}

/** Seconds before the first symptom in which a change is looked at: what was merged takes a while to arrive. */
const windowOf = (kind: ChangeKind) => (kind === 'merge' ? 7_200 : 3_600);
/** Clocks of cluster and worker differ by so many seconds at most; those of others, whom nobody here sets, by more. */
const skewOf = ({ source }: SeenChange) => (source === 'the cluster' ? 60 : 180);

/** Warnings that tell of one and the same trouble as long as they are repeated; others, e.g. of probes, come and go. */
const lasting = /^(BackOff|Failed|InspectFailed|ErrImage)/;

/** How long ago the trouble of the entity was seen first; null: nothing tells. */
function firstSymptom(snapshot: Snapshot, { site, namespace, name }: Entity): number | null {
  const pods = new Set(snapshot.pods.filter((seen) => seen.site === site && ownerOf(seen).name === name).map(({ pod }) => pod.name));
  const ages = snapshot.events.flatMap((event) => {
    const about =
      event.kind === 'pod' ? pods.has(event.name) : event.kind === 'node' ? event.name === name : deploymentOf(event.name) === name;
    if (event.site !== site || !event.warning || !about || (event.namespace !== namespace && namespace !== null)) return [];
    return (lasting.test(event.reason) ? (event.since ?? event.age) : event.age) ?? [];
  });
  return ages.length === 0 ? null : Math.max(0, ...ages);
}

const ofNodes = /^(node_|kubelet|container_runtime|kube_proxy|scheduler)/;
const ofRoom = /^(quota_|zero_replicas|insufficient|anti_affinity|autoscaler|database_connections)/;
const ofNetworks = /^(network_|cpu_)/;

/** How well kinds of change bring about a cause; those that are not named, a little. */
type Able = Readonly<Partial<Record<ChangeKind, number>>>;
const able: readonly (readonly [RegExp, Able, number])[] = [
  [ofNodes, { node: 1, cloud: 0.8 }, 0.2],
  [ofRoom, { scaling: 1, cloud: 0.5 }, 0.7],
  [ofNetworks, {}, 0.6],
  [/^database_/, { rollout: 1, delivery: 1, configuration: 0.9, merge: 0.85, announced: 0.85, cloud: 0.8, scaling: 0.6 }, 0.3],
  [/./, { rollout: 1, delivery: 1, configuration: 0.9, merge: 0.85, announced: 0.85, scaling: 0.6, cloud: 0.4 }, 0.3],
];

function ableTo(kind: ChangeKind, cause: string): number {
  const [, kinds, others] = able.find(([pattern]) => pattern.test(cause)) ?? [null, {} as Able, 0.3];
  return kinds[kind] ?? others;
}

const same = (a: SeenChange['entity'], b: Entity) => a.name === b.name && (a.namespace === b.namespace || b.kind === 'namespace');

/** Marks of what delivered an object. */
const marks = ['app.kubernetes.io/instance', 'argocd.argoproj.io/instance', 'release'];

/** Whether the delivery is that of the workload, by the labels that delivery systems set. */
function delivers(snapshot: Snapshot, { kind, namespace, name }: SeenChange['entity'], finding: Entity): boolean {
  if ((kind !== 'release' && kind !== 'application') || namespace !== finding.namespace) return false;
  return snapshot.workloads.some(
    (one) =>
      one.site === finding.site &&
      one.namespace === namespace &&
      one.name === finding.name &&
      marks.some((mark) => one.labels[mark] === name),
  );
}

/** Whether a container of the workload is told of the config map. */
function configures(snapshot: Snapshot, { kind, namespace, name }: SeenChange['entity'], finding: Entity): boolean {
  if (kind !== 'configmap' || namespace !== finding.namespace) return false;
  return snapshot.workloads.some(
    (one) =>
      one.site === finding.site &&
      one.namespace === namespace &&
      one.name === finding.name &&
      one.spec?.containers.some(({ references }) => references.some((each) => each.kind === 'configmap' && each.name === name)) === true,
  );
}

/** Whether the finding itself speaks of what was changed: by its facts or by what was quoted for it. */
function speaksOf({ facts, edges }: Finding, name: string): boolean {
  if (name.length < 4) return false;
  const pattern = new RegExp(`(^|[^\\p{L}\\p{N}-])${RegExp.escape(name)}($|[^\\p{L}\\p{N}-])`, 'u');
  return [...Object.values(facts).map(String), ...edges.map(({ excerpt }) => excerpt)].some((text) => pattern.test(text));
}

/** 1: of itself. */
function near(snapshot: Snapshot, change: SeenChange, finding: Finding, links: Links): number {
  const { entity } = finding;
  if (change.site !== entity.site) return 0.05;
  const target = { site: change.site, ...change.entity };
  if (change.kind !== 'cloud' && (same(target, entity) || change.services.includes(`${entity.namespace ?? ''}/${entity.name}`))) return 1;
  if (delivers(snapshot, target, entity) || configures(snapshot, target, entity)) return 1;
  if (change.kind === 'cloud') return speaksOf(finding, target.name) ? 1 : 0.3;
  if (entity.kind === 'node' && target.kind === 'autoscaling group') return 0.6;
  const dependsOn = change.services.some((service) => {
    const [namespace = '', name = ''] = service.split('/');
    return links.dependsOn(entity, { site: change.site, kind: 'service', namespace, name });
  });
  if (dependsOn || links.dependsOn(entity, target)) return 0.7;
  // Of a repository that is said to be nobody's own, it may be of this service.
  if (change.kind === 'merge' && change.services.length === 0) return 0.4;
  return change.entity.namespace === entity.namespace ? 0.2 : 0.05;
}

function when(before: number, source: string, known: boolean): string {
  if (before >= 0 && !known) return `${Math.round(before / 60)} minutes before this was looked at; when it began is not known`;
  if (before >= 0) return `${Math.round(before / 60)} minutes before the first symptom`;
  return `${Math.round(-before)} seconds after the first symptom by the clock of ${source}, which may be wrong by so much`;
}

interface Before {
  /** Seconds. */
  readonly before: number;
  /** When the trouble began. */
  readonly known: boolean;
}

function rank(snapshot: Snapshot, change: SeenChange, finding: Finding, { before, known }: Before, links: Links): RankedChange {
  const time = before >= 0 ? 1 - before / (windowOf(change.kind) * 1.25) : 1 + before / (skewOf(change) * 4);
  const place = near(snapshot, change, finding, links);
  const where = place === 1 ? 'of itself' : place > 0.5 ? 'of what it depends on' : 'elsewhere';
  // It may have begun before the change: likely enough to be told, not to be named as what came before.
  const most = known ? 1 : 0.45;
  const score = Math.min(most, Math.round(time * place * ableTo(change.kind, finding.cause) * 100) / 100);
  return { ...change, score, because: `${when(before, change.source, known)}, ${where}` };
}

const order = ({ observation, site, entity, words }: SeenChange) =>
  JSON.stringify([site, entity.kind, entity.namespace, entity.name, words, observation]);

/**
 * What changed before the first symptom of a finding, the likeliest to have brought it about first; the order depends on nothing but the changes.
 * One that claims to lie a little after it is ranked too, and said to be so: clocks differ.
 */
export function changesBefore(snapshot: Snapshot, finding: Finding, links: Links): readonly RankedChange[] {
  const began = firstSymptom(snapshot, finding.entity);
  const first = began ?? 0;
  return changed(snapshot)
    .map((change) => ({ change, before: change.age - first }))
    .filter(({ change, before }) => before >= -skewOf(change) && before <= windowOf(change.kind))
    .map(({ change, before }) => rank(snapshot, change, finding, { before, known: began !== null }, links))
    .toSorted((a, b) => b.score - a.score || Math.abs(a.age - first) - Math.abs(b.age - first) || (order(a) < order(b) ? -1 : 1));
}
