import type { Entity, Finding } from '../contracts/finding.ts';
import type { Links } from './compete.ts';
import { deploymentOf, ownerOf } from './look.ts';
import type { Seen } from './model/seen.ts';
import type { Snapshot } from './snapshot.ts';

export interface Change extends Seen {
  readonly kind: 'rollout' | 'delivery' | 'scaling' | 'node';
  readonly entity: Entity;
  /** Seconds before the snapshot. */
  readonly age: number;
  readonly words: string;
}

export interface RankedChange extends Change {
  /** 0 to 1: near in time, near in the estate, and able to cause it. */
  readonly score: number;
  /** Why it stands where it stands. */
  readonly because: string;
}

/** Changes older than this before the first symptom are not looked at. */
const windowSeconds = 3_600;
/** Clocks of cluster and worker differ by so much at most. */
const skewSeconds = 60;

function rollouts(snapshot: Snapshot): Change[] {
  return snapshot.rollouts.flatMap(({ observation, site, kind, namespace, name, state }) => {
    const current = state.revisions.find(({ revision }) => revision === state.revision);
    const at = Date.parse(current?.createdAt ?? '');
    if (Number.isNaN(at)) return [];
    const entity = { site, kind, namespace, name };
    return [
      {
        observation,
        site,
        kind: 'rollout' as const,
        entity,
        age: (snapshot.at.getTime() - at) / 1_000,
        words: `revision ${state.revision} of ${name} was rolled out`,
      },
    ];
  });
}

const deliverer = { helm: 'Helm', argocd: 'Argo CD' } as const;

function deliveries(snapshot: Snapshot): Change[] {
  return snapshot.deliveries.flatMap(({ observation, site, system, namespace, name, revision, age }) => {
    if (age === null) return [];
    const entity = { site, kind: system === 'helm' ? 'release' : 'application', namespace, name };
    const words = `${deliverer[system]} delivered ${system === 'helm' ? 'revision ' : ''}${revision.slice(0, 12)} of ${name}`;
    return [{ observation, site, kind: 'delivery' as const, entity, age, words }];
  });
}

const nodeReasons =
  /^(Rebooted|NodeNotReady|NodeNotSchedulable|NodeHasInsufficient|Starting$|SystemOOM|KubeletSetupFailed|ContainerGCFailed)/;

function events(snapshot: Snapshot): Change[] {
  return snapshot.events.flatMap(({ observation, site, namespace, kind, name, reason, message, age }): Change[] => {
    if (age === null) return [];
    const seen = { observation, site, age };
    if (kind === 'deployment' && reason === 'ScalingReplicaSet') {
      const entity = { site, kind, namespace, name };
      return [{ ...seen, kind: 'scaling', entity, words: message }];
    }
    if (kind === 'horizontalpodautoscaler' && reason === 'SuccessfulRescale') {
      return [{ ...seen, kind: 'scaling', entity: { site, kind, namespace, name }, words: message }];
    }
    if (kind !== 'node' || !nodeReasons.test(reason)) return [];
    return [{ ...seen, kind: 'node', entity: { site, kind: 'node', namespace: null, name }, words: `${name}: ${reason} ${message}` }];
  });
}

/** How long ago the trouble of the entity was seen first; 0: only now. */
function firstSymptom(snapshot: Snapshot, { site, namespace, name }: Entity): number {
  const pods = new Set(snapshot.pods.filter((seen) => seen.site === site && ownerOf(seen).name === name).map(({ pod }) => pod.name));
  const ages = snapshot.events.flatMap((event) => {
    const about =
      event.kind === 'pod' ? pods.has(event.name) : event.kind === 'node' ? event.name === name : deploymentOf(event.name) === name;
    return event.site === site && event.warning && about && (event.namespace === namespace || namespace === null) ? (event.age ?? []) : [];
  });
  return Math.max(0, ...ages);
}

/** Which kinds of change can bring about a cause. */
function able(kind: Change['kind'], cause: string): number {
  if (/^(node_|kubelet|container_runtime|kube_proxy|scheduler)/.test(cause)) return kind === 'node' ? 1 : 0.2;
  if (/^(quota_|zero_replicas|insufficient|anti_affinity|autoscaler|database_connections)/.test(cause)) return kind === 'scaling' ? 1 : 0.7;
  if (/^(network_|cpu_)/.test(cause)) return 0.6;
  return kind === 'rollout' || kind === 'delivery' ? 1 : kind === 'scaling' ? 0.6 : 0.3;
}

const same = (a: Entity, b: Entity) => a.site === b.site && a.name === b.name && (a.namespace === b.namespace || b.kind === 'namespace');

/** Marks of what delivered an object. */
const marks = ['app.kubernetes.io/instance', 'argocd.argoproj.io/instance', 'release'];

/** Whether the delivery is that of the workload, by the labels that delivery systems set. */
function delivers(snapshot: Snapshot, { site, kind, namespace, name }: Entity, finding: Entity): boolean {
  if ((kind !== 'release' && kind !== 'application') || site !== finding.site || namespace !== finding.namespace) return false;
  const workload = snapshot.workloads.find((one) => one.site === site && one.namespace === namespace && one.name === finding.name);
  return marks.some((mark) => workload?.labels[mark] === name);
}

function near(snapshot: Snapshot, change: Entity, finding: Entity, links: Links): number {
  if (same(change, finding) || delivers(snapshot, change, finding)) return 1;
  if (links.dependsOn(finding, change)) return 0.7;
  return change.site === finding.site && change.namespace === finding.namespace ? 0.2 : 0.05;
}

/** What changed before the first symptom of a finding, the likeliest to have brought it about first. */
export function changesBefore(snapshot: Snapshot, { entity, cause }: Finding, links: Links): readonly RankedChange[] {
  const first = firstSymptom(snapshot, entity);
  return [...rollouts(snapshot), ...deliveries(snapshot), ...events(snapshot)]
    .filter(({ age }) => age >= first - skewSeconds && age <= first + windowSeconds)
    .map((change): RankedChange => {
      const before = Math.max(0, change.age - first);
      const time = 1 - before / (windowSeconds * 1.25);
      const place = near(snapshot, change.entity, entity, links);
      const because = `${Math.round(before / 60)} minutes before the first symptom, ${place === 1 ? 'of itself' : place > 0.5 ? 'of what it depends on' : 'elsewhere'}`;
      return { ...change, score: Math.round(time * place * able(change.kind, cause) * 100) / 100, because };
    })
    .toSorted((a, b) => b.score - a.score || a.age - b.age);
}
