import type { Entity } from '../contracts/finding.ts';
import { isReplaced } from './container-failure.ts';
import { indexed } from './indexed.ts';
import type { PodSpec } from './model/pod-spec.ts';
import { selects } from './model/seen.ts';
import type { SeenEvent, SeenPod, SeenWorkload } from './model/workload.ts';
import type { Snapshot } from './snapshot.ts';

/** A pod that should serve and does not. One that finished, was replaced, or is on its way out, is not in trouble. */
export function inTrouble({ pod }: SeenPod): boolean {
  return !pod.ready && !pod.deleting && pod.phase !== 'Succeeded' && !isReplaced(pod);
}

/** The kind and the name of what runs the pod: a deployment by the name of its replica set. */
export function ownerOf({ pod }: SeenPod): { kind: string; name: string } {
  if (pod.owner === null) return { kind: 'pod', name: pod.name };
  if (pod.owner.kind !== 'ReplicaSet') return { kind: pod.owner.kind.toLowerCase(), name: pod.owner.name };
  return { kind: 'deployment', name: deploymentOf(pod.owner.name) };
}

/** `checkout-6bddc48849` → `checkout`. */
export function deploymentOf(replicaSet: string): string {
  const dash = replicaSet.lastIndexOf('-');
  return dash > 0 ? replicaSet.slice(0, dash) : replicaSet;
}

export function podEntity(seen: SeenPod): Entity {
  return { site: seen.site, namespace: seen.pod.namespace, ...ownerOf(seen) };
}

export function workloadEntity({ site, kind, namespace, name }: SeenWorkload): Entity {
  return { site, kind, namespace, name };
}

const keyOf = (site: string, namespace: string, kind: string, name: string) => `${site}/${namespace}/${kind}/${name}`;
const workloadsByName = indexed(({ site, namespace, kind, name }: SeenWorkload) => keyOf(site, namespace, kind, name));
const podsByOwner = indexed((seen: SeenPod) => keyOf(seen.site, seen.pod.namespace, ownerOf(seen).kind, ownerOf(seen).name));

export function workloadOf(snapshot: Snapshot, seen: SeenPod): SeenWorkload | undefined {
  const { kind, name } = ownerOf(seen);
  return workloadsByName(snapshot.workloads).get(keyOf(seen.site, seen.pod.namespace, kind, name))?.[0];
}

/** What the pod asks for, by itself or by its template. */
export function specOf(snapshot: Snapshot, seen: SeenPod): PodSpec | null {
  return seen.detail?.spec ?? workloadOf(snapshot, seen)?.spec ?? null;
}

export function podsOf(snapshot: Snapshot, { site, namespace, kind, name }: SeenWorkload): readonly SeenPod[] {
  return podsByOwner(snapshot.pods).get(keyOf(site, namespace, kind, name)) ?? [];
}

const byObject = indexed(({ site, kind, namespace, name }: SeenEvent) => `${site}/${kind}/${namespace}/${name}`);

/** Newest first. */
export function eventsAbout(snapshot: Snapshot, site: string, kind: string, namespace: string, name: string): readonly SeenEvent[] {
  const found = byObject(snapshot.events).get(`${site}/${kind}/${namespace}/${name}`) ?? [];
  return found.toSorted((a, b) => (a.age ?? Infinity) - (b.age ?? Infinity));
}

export const podEvents = (snapshot: Snapshot, { site, pod }: SeenPod) => eventsAbout(snapshot, site, 'pod', pod.namespace, pod.name);

/** Names of a kind in a namespace; null: not observed, so nothing can be called missing. */
export function existing(snapshot: Snapshot, site: string, kind: string, namespace: string | null): ReadonlySet<string> | null {
  const lists = snapshot.inventories.filter((one) => one.site === site && one.kind === kind && one.namespace === namespace);
  return lists.length === 0 ? null : new Set(lists.flatMap(({ names }) => names));
}

/** Whether objects of the kind exist that were not seen: what no object shows may still be so. */
export function isCut(snapshot: Snapshot, site: string, kind: string, namespace: string | null): boolean {
  return snapshot.cuts.some((one) => one.site === site && one.kind === kind && one.namespace === namespace);
}

/** Lists that were too long, in words. */
export function cutWords(snapshot: Snapshot): readonly string[] {
  return snapshot.cuts.map(({ kind, namespace, shown, omitted }) => {
    const place = namespace === null ? '' : ` in ${namespace}`;
    return `Objects of the kind ${kind}${place}: ${shown} of ${shown + omitted} were looked at, there are too many`;
  });
}

/** One of each: pods of one workload fail alike. */
export function onePerOwner(pods: readonly SeenPod[]): readonly SeenPod[] {
  const seen = new Map<string, SeenPod>();
  for (const each of pods) {
    const { kind, name } = ownerOf(each);
    const key = `${each.site}/${each.pod.namespace}/${kind}/${name}`;
    if (!seen.has(key)) seen.set(key, each);
  }
  return [...seen.values()];
}

/** Workloads of which fewer replicas are ready than are wanted. */
export function lacking(snapshot: Snapshot): readonly SeenWorkload[] {
  return snapshot.workloads.filter(({ ready, desired }) => ready < desired);
}

/** What a part of the control plane is told of: the first node of the control plane that was seen, else the part itself. */
export function controlPlaneEntity({ nodes }: Snapshot, site: string, part: string): Entity {
  const host = nodes.find((node) => node.site === site && node.controlPlane);
  return { site, kind: 'node', namespace: null, name: host?.name ?? part };
}

export function podsBehind(snapshot: Snapshot, site: string, namespace: string, selector: SeenWorkload['selector']): readonly SeenPod[] {
  return snapshot.pods.filter(
    (seen) => seen.site === site && seen.pod.namespace === namespace && selects(selector, seen.detail?.labels ?? {}),
  );
}
