import { RolloutState } from '../../tools/kubernetes/rollout-state.ts';
import { Workloads } from '../../tools/kubernetes/workloads.ts';
import { InstantAnswer } from '../../tools/prometheus/query.ts';
import type { Estate } from '../ports.ts';
import { toldAnnounced } from './announced.ts';
import { toldCloud } from './cloud.ts';
import { toldConfigMaps } from './configured.ts';
import { toldApplications, toldDeployments, toldHistory, toldReleases } from './deliveries.ts';
import { toldMeasures } from './measures.ts';
import { tellsOfMerges, toldMerges } from './merges.ts';
import { mergeObjects, noObjects, type Objects } from './model/index.ts';
import type { Seen } from './model/seen.ts';
import type { SeenSignal } from './model/signals.ts';
import type { SeenPod, SeenWorkload } from './model/workload.ts';
import { cutPods, gotObjects, gotPods, type Kept, toldEvents, toldLogs } from './observed.ts';
import { toldTraces } from './traces.ts';

export type { SeenPod } from './model/workload.ts';

export interface SeenRollout extends Seen {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: RolloutState;
}

export interface SeenErrorRate extends Seen {
  readonly service: Estate['services'][number];
  /** 0 to 1; null: the query gave no single value. */
  readonly value: number | null;
}

/** An error rate as it was at a time before. */
export interface SeenPastRate extends SeenErrorRate {
  readonly asOf: string;
}

export interface SeenLog extends Seen {
  readonly namespace: string;
  readonly pod: string;
  readonly text: string;
}

/** One model of what was observed, for the analyzers. */
export interface Snapshot extends Objects {
  readonly at: Date;
  readonly pods: readonly SeenPod[];
  readonly rollouts: readonly SeenRollout[];
  readonly errorRates: readonly SeenErrorRate[];
  readonly pastRates: readonly SeenPastRate[];
  readonly logs: readonly SeenLog[];
}

export function emptySnapshot(at: Date): Snapshot {
  return { at, pods: [], rollouts: [], errorRates: [], pastRates: [], logs: [], ...noObjects };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function podsOf({ id, body }: Kept): SeenPod[] {
  const parsed = Workloads.safeParse(body.output);
  return parsed.success ? parsed.data.pods.map((pod) => ({ observation: id, site: body.site, pod })) : [];
}

/** Replicas only: what they ask for is read with the objects. */
function workloadsOf({ id, body }: Kept): SeenWorkload[] {
  const parsed = Workloads.safeParse(body.output);
  if (!parsed.success) return [];
  return parsed.data.workloads.map(({ kind, namespace, name, replicas, createdAt }) => ({
    ...{ observation: id, site: body.site, kind, namespace, name, createdAt },
    ...{ labels: {}, selector: {}, desired: replicas.desired, ready: replicas.ready, spec: null, serviceName: null },
  }));
}

function rolloutOf({ id, body }: Kept): SeenRollout[] {
  const parsed = RolloutState.safeParse(body.output);
  if (!parsed.success) return [];
  const { kind, namespace, name } = body.input;
  return [{ observation: id, site: body.site, kind: text(kind), namespace: text(namespace), name: text(name), state: parsed.data }];
}

function errorRateOf({ id, body }: Kept, estate: Estate): SeenErrorRate[] {
  const service = estate.services.find(
    (candidate) => candidate.site === body.site && candidate.errorRateQuery !== null && candidate.errorRateQuery === body.input['expr'],
  );
  const parsed = InstantAnswer.safeParse(body.output);
  return service === undefined || !parsed.success ? [] : [{ observation: id, site: body.site, service, value: parsed.data.value }];
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** More errors than are allowed are a measure out of its range. */
function errorSignal({ observation, site, service, value }: SeenErrorRate): SeenSignal[] {
  if (value === null || value <= service.errorRateLimit) return [];
  const words = `${percent(value)} of the requests of ${service.name} fail, ${percent(service.errorRateLimit)} may`;
  const entity = { kind: 'service' as const, namespace: service.namespace, name: service.name };
  return [{ observation, site, entity, metric: 'errors', normal: service.errorRateLimit, current: value, words }];
}

function logOf({ id, body }: Kept): SeenLog[] {
  return [{ observation: id, site: body.site, namespace: text(body.input['namespace']), pod: text(body.input['pod']), text: body.stdout }];
}

/** Pods as they were listed, with what reading them as objects adds. */
function podsIn(kept: readonly Kept[]): readonly SeenPod[] {
  const of = (operation: string) => kept.filter(({ body }) => body.operation === operation);
  const all = [...of('kubernetes.workloads').flatMap(podsOf), ...of('kubernetes.get').flatMap(gotPods)];
  return [...new Map(all.map((seen) => [`${seen.site}/${seen.pod.namespace}/${seen.pod.name}/${seen.pod.uid}`, seen])).values()];
}

/** Observations that failed, or that no analyzer reads, are left out: gaps are told elsewhere. */
export function buildSnapshot(all: readonly Kept[], estate: Estate, at: Date): Snapshot {
  const kept = all.filter(({ body }) => body.status === 'ok');
  const of = (operation: string) => kept.filter(({ body }) => body.operation === operation);
  const pods = podsIn(kept);
  const cluster = mergeObjects([
    { workloads: of('kubernetes.workloads').flatMap(workloadsOf) },
    ...of('kubernetes.workloads').map(cutPods),
    ...of('kubernetes.get').map(gotObjects),
    ...of('kubernetes.events').map((each) => toldEvents(each, at)),
    ...of('kubernetes.logs').map((each) => toldLogs(each, pods)),
    ...of('helm.list').map((each) => toldReleases(each, at)),
    ...of('argocd.app_list').map((each) => toldApplications(each, at)),
  ]);
  const histories = [
    ...of('helm.history').flatMap((each) => toldHistory(each, at)),
    ...of('argocd.app_history').flatMap((each) => toldDeployments(each, cluster.deliveries, at)),
    ...toldMerges(
      kept.filter(({ body }) => tellsOfMerges.has(body.operation)),
      estate,
      at,
    ),
    ...toldConfigMaps(of('kubernetes.get'), at),
    ...toldCloud(kept, at),
    ...toldAnnounced(of('pagerduty.change_events'), estate, at),
  ];
  const [now, before] = [false, true].map((past) =>
    of('prometheus.query').filter(({ body }) => (body.input['time'] !== undefined) === past),
  );
  const errorRates = (now ?? []).flatMap((each) => errorRateOf(each, estate));
  const pastRates = (before ?? []).flatMap((each) =>
    errorRateOf(each, estate).map((rate) => ({ ...rate, asOf: text(each.body.input['time']) })),
  );
  const objects = mergeObjects([
    cluster,
    { changes: histories },
    { signals: errorRates.flatMap(errorSignal) },
    toldTraces(kept, estate),
    ...toldMeasures(of('prometheus.query'), pods, cluster),
  ]);
  return {
    at,
    ...objects,
    workloads: [...new Map(objects.workloads.map((one) => [`${one.site}/${one.kind}/${one.namespace}/${one.name}`, one])).values()],
    pods,
    rollouts: of('kubernetes.rollout_state').flatMap(rolloutOf),
    errorRates,
    pastRates,
    logs: of('kubernetes.logs').flatMap(logOf),
  };
}
