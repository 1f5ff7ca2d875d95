import { z } from 'zod';
import type { Probe } from '../contracts/activities.ts';
import { ownerOf } from './look.ts';
import type { Objects } from './model/index.ts';
import type { Seen } from './model/seen.ts';
import type { Metric, SeenSignal } from './model/signals.ts';
import type { SeenPod } from './model/workload.ts';
import type { Kept } from './observed.ts';

/** What fields' standard exporters call things: cAdvisor and kube-state-metrics, node_exporter, Istio, Tempo's metrics generator, OpenTelemetry. */

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Null: not a number, as 0 divided by 0. */
  readonly value: number | null;
}

/** What one measure said, and of whom the names in it speak. */
interface Told extends Seen {
  readonly namespace: string;
  readonly now: readonly Sample[];
  /** An hour before; null: not read. */
  readonly before: readonly Sample[] | null;
  /** Workload of a pod. */
  readonly workload: (pod: string) => string | null;
  /** Whether the name is of something in the namespace. */
  readonly isHere: (name: string) => boolean;
}

interface Measure {
  /** For people; with the namespace appended where it has one. */
  readonly title: string;
  /** Null namespace: of the whole site. */
  readonly expr: (namespace: string) => string;
  readonly wide?: true;
  /** Means something only beside its value of an hour before. */
  readonly compared?: true;
  readonly fold: (told: Told) => Partial<Objects>;
}

const range = '[5m]';
const per = (labels: string, sum: string, where = '') => `sum by (${labels}) (rate(${sum}${where}${range}))`;
const mean = (label: string, metric: string, where = '') =>
  `${per(label, `${metric}_sum`, where)} / ${per(label, `${metric}_count`, where)}`;

/** The service that a sample is about, by the label that its exporter uses. */
function serviceOf({ destination_workload: workload, server, service, job }: Sample['labels']): string {
  return workload ?? server ?? service ?? job?.split('/').at(-1) ?? '';
}

function valueIn(samples: readonly Sample[] | null, nameOf: (labels: Sample['labels']) => string | null, name: string): number | null {
  const values = (samples ?? []).filter(({ labels }) => nameOf(labels) === name).flatMap(({ value }) => value ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

interface Unusual {
  readonly metric: Metric;
  readonly kind: SeenSignal['entity']['kind'];
  readonly nameOf: (labels: Sample['labels']) => string | null;
  readonly unusual: (current: number | null, normal: number | null) => boolean;
  readonly words: (value: number) => string;
}

function signals(told: Told, { metric, kind, nameOf, unusual, words }: Unusual): SeenSignal[] {
  const names = new Set([...told.now, ...(told.before ?? [])].flatMap(({ labels }) => nameOf(labels) ?? []));
  const say = (value: number | null) => (value === null ? 'nothing' : words(value));
  return [...names].flatMap((name): SeenSignal[] => {
    const current = valueIn(told.now, nameOf, name);
    const normal = valueIn(told.before, nameOf, name);
    if (!unusual(current, normal)) return [];
    const entity = { kind, namespace: kind === 'node' ? null : told.namespace, name };
    const since = told.before === null ? '' : `, an hour before ${say(normal)}`;
    return [
      {
        ...{ observation: told.observation, site: told.site, entity, metric, normal, current },
        words: `${metric.replaceAll('_', ' ')} of ${name} is ${say(current)}${since}`,
      },
    ];
  });
}

const percent = (value: number) => `${(value * 100).toFixed(1)} %`;
const milliseconds = (value: number) => `${Math.round(value * 1_000)} ms`;
const above = (limit: number) => (current: number | null) => current !== null && current > limit;

/** Of the pods of a workload the worst counts. */
function ofPods(metric: Metric, limit: number): Measure['fold'] {
  return (told) => ({
    signals: signals(told, {
      ...{ metric, kind: 'service', unusual: above(limit), words: percent },
      nameOf: ({ pod }) => (pod === undefined ? null : told.workload(pod)),
    }),
  });
}

const ofNamespace = (namespace: string) => `{namespace="${namespace}",container!=""}`;
const limitOf = (resource: string, namespace: string) =>
  `sum by (pod) (kube_pod_container_resource_limits{namespace="${namespace}",resource="${resource}"})`;

/** The node of a series: its label, or the host of the exporter's address. */
function nodeOf({ node, instance }: Sample['labels']): string | null {
  return node ?? instance?.replace(/:\d+$/, '') ?? null;
}

const measures: readonly Measure[] = [
  {
    title: 'CPU that pods use of their limits',
    expr: (namespace) => `${per('pod', 'container_cpu_usage_seconds_total', ofNamespace(namespace))} / ${limitOf('cpu', namespace)}`,
    fold: ofPods('cpu', 0.9),
  },
  {
    title: 'CPU periods in which pods are throttled',
    expr: (namespace) =>
      ['throttled_periods', 'periods']
        .map((counted) => per('pod', `container_cpu_cfs_${counted}_total`, ofNamespace(namespace)))
        .join(' / '),
    fold: ofPods('cpu_throttling', 0.25),
  },
  {
    title: 'Memory that pods use of their limits',
    expr: (namespace) => `sum by (pod) (container_memory_working_set_bytes${ofNamespace(namespace)}) / ${limitOf('memory', namespace)}`,
    fold: ofPods('memory', 0.92),
  },
  {
    title: 'Packets that pods lose',
    expr: (namespace) =>
      ['packets_dropped', 'packets']
        .map((counted) => per('pod', `container_network_receive_${counted}_total`, `{namespace="${namespace}"}`))
        .join(' / '),
    fold: ofPods('packet_loss', 0.01),
  },
  {
    title: 'Latency of services',
    compared: true,
    expr: (namespace) =>
      [
        `${mean('destination_workload', 'istio_request_duration_milliseconds', `{reporter="destination",destination_workload_namespace="${namespace}"}`)} / 1000`,
        mean('server', 'traces_service_graph_request_server_seconds'),
        mean('service', 'http_request_duration_seconds', `{namespace="${namespace}"}`),
        mean('job', 'http_server_request_duration_seconds', `{job=~"${namespace}/.*"}`),
      ].join(' or '),
    fold: (told) => ({
      signals: signals(told, {
        ...{ metric: 'latency', kind: 'service', words: milliseconds },
        nameOf: (labels) => (told.isHere(serviceOf(labels)) ? serviceOf(labels) : null),
        // Silent where it was not: somebody before it holds its requests up.
        unusual: (current, normal) => normal !== null && (current === null || current > normal * 1.5),
      }),
    }),
  },
  {
    title: 'Calls between services',
    expr: (namespace) =>
      [
        `sum by (source_workload, destination_workload) (rate(istio_requests_total{reporter="source",source_workload_namespace="${namespace}"}${range})) > 0`,
        `sum by (client, server) (rate(traces_service_graph_request_total${range})) > 0`,
      ].join(' or '),
    fold: ({ observation, site, namespace, now, isHere }) => ({
      calls: now.flatMap(({ labels }) => {
        const [from, to] = [labels['source_workload'] ?? labels['client'] ?? '', serviceOf(labels)];
        return isHere(from) && isHere(to) && from !== to ? [{ observation, site, namespace, from, to }] : [];
      }),
    }),
  },
  {
    title: 'Packets that nodes send again',
    wide: true,
    compared: true,
    expr: () => ['RetransSegs', 'OutSegs'].map((counted) => per('instance, node', `node_netstat_Tcp_${counted}`)).join(' / '),
    fold: (told) => ({
      signals: signals(told, {
        ...{ metric: 'retransmissions', kind: 'node', nameOf: nodeOf, words: percent },
        unusual: (current, normal) => current !== null && current > 0.01 && (normal === null || current > normal * 3),
      }),
    }),
  },
  {
    title: 'Services of nodes that do not run',
    wide: true,
    expr: () => 'node_systemd_unit_state{name=~"(kubelet|containerd|crio|docker|kube-proxy).service",state="active"} == 0',
    fold: ({ observation, site, now }) => ({
      nodeServices: now.flatMap(({ labels }) => {
        const [node, service] = [nodeOf(labels), labels['name'] ?? ''];
        return node === null ? [] : [{ observation, site, node, service, active: false, detail: `${service} is not active on ${node}` }];
      }),
    }),
  },
];

/** Seconds between the two readings of what is compared. */
const apartSeconds = 3_600;

/** Reads of every measure of a namespace; those of the whole site once for all of them. */
export function measureProbes(site: string, namespaces: readonly string[], at: Date): readonly Probe[] {
  // Whole minutes: the same read is asked once, whenever the rounds come.
  const before = new Date(Math.floor((at.getTime() - apartSeconds * 1_000) / 60_000) * 60_000).toISOString();
  return measures.flatMap(({ title, expr, wide, compared }) =>
    (wide === true ? [null] : namespaces).flatMap((namespace): Probe[] => {
      const words = namespace === null ? title : `${title} in ${namespace}`;
      const read = { site, operation: 'prometheus.query', group: 'Measures' };
      const input = { expr: expr(namespace ?? '') };
      return [
        { ...read, title: words, input },
        ...(compared === true ? [{ ...read, title: `${words}, an hour before`, input: { ...input, time: before } }] : []),
      ];
    }),
  );
}

const Answer = z.object({ samples: z.array(z.object({ labels: z.record(z.string(), z.string()), value: z.number().nullable() })) });

function measureIn(expr: string): { measure: Measure; namespace: string } | null {
  const namespace = /namespace="([^"]*)"/.exec(expr)?.[1] ?? '';
  const measure = measures.find((one) => one.expr(namespace) === expr);
  return measure === undefined ? null : { measure, namespace };
}

/** What the readings of measures say; other queries are left out. */
export function toldMeasures(kept: readonly Kept[], pods: readonly SeenPod[], objects: Objects): Partial<Objects>[] {
  const read = kept.flatMap(({ id, body }) => {
    const expr = body.input['expr'];
    const found = typeof expr === 'string' ? measureIn(expr) : null;
    const parsed = Answer.safeParse(body.output);
    return found === null || !parsed.success
      ? []
      : [{ ...found, id, site: body.site, past: body.input['time'] !== undefined, samples: parsed.data.samples }];
  });
  return read
    .filter(({ past }) => !past)
    .map(({ measure, namespace, id, site, samples }) => {
      const before = read.find((one) => one.past && one.measure === measure && one.namespace === namespace && one.site === site);
      if (measure.compared === true && before === undefined) return {};
      const here = pods.filter((seen) => seen.site === site && seen.pod.namespace === namespace);
      const named = [...objects.workloads, ...objects.services].filter((one) => one.site === site && one.namespace === namespace);
      const names = new Set([...here.map((seen) => ownerOf(seen).name), ...named.map(({ name }) => name)]);
      return measure.fold({
        ...{ observation: id, site, namespace, now: samples, before: before?.samples ?? null },
        isHere: (name) => names.has(name),
        workload: (pod) => {
          const seen = here.find((one) => one.pod.name === pod);
          return seen === undefined ? null : ownerOf(seen).name;
        },
      });
    });
}
