import { readyPods, replicaSetsOf, sum } from './controller.ts';
import { type EstateState, namespace, type Segment, type SeriesValue } from './state.ts';

const keep = 400;

/** Requests per second of each service, and how much of checkout's failures its callers see. */
const traffic: Readonly<Record<string, { perSecond: number; seesCheckout: number }>> = {
  frontend: { perSecond: 120, seesCheckout: 0.3 },
  checkout: { perSecond: 40, seesCheckout: 1 },
  cart: { perSecond: 60, seesCheckout: 0 },
  payment: { perSecond: 38, seesCheckout: 0 },
  catalog: { perSecond: 200, seesCheckout: 0 },
};
const background = 0.002;
/** Share of requests that need the payment provider's callback and fail while its certificate is not trusted. */
const certificateShare = 0.3;
const common = { namespace, cluster: 'simulation' };

/** Starts a new segment when the series take other values than before. */
export function observeSeries(state: EstateState, at: number): void {
  const segment: Segment = { from: at, counters: counters(state), gauges: gauges(state) };
  const last = state.segments.at(-1);
  if (last && JSON.stringify([last.counters, last.gauges]) === JSON.stringify([segment.counters, segment.gauges])) return;
  if (last?.from === at) state.segments.pop();
  state.segments.push(segment);
  if (state.segments.length > keep) state.segments.splice(0, state.segments.length - keep);
}

function availableShare(state: EstateState, name: string): { available: number; desired: number; share: number } {
  const desired = state.deployments.find((deployment) => deployment.name === name)?.replicas ?? 0;
  const available = sum(replicaSetsOf(state, name).map((set) => readyPods(state, set)));
  return { available, desired, share: desired === 0 ? 0 : Math.min(1, available / desired) };
}

/** Missing capacity turns requests away: with half of the pods gone a third of the requests fails, with all gone every one. */
function outage(share: number): number {
  return share === 0 ? 1 : (1 - share) * 0.7;
}

export function errorShare(state: EstateState, service: string): number {
  const own = outage(availableShare(state, service).share);
  const checkout = outage(availableShare(state, 'checkout').share) + (state.certificateRefused ? certificateShare : 0);
  const seen = (traffic[service]?.seesCheckout ?? 0) * Math.min(1, checkout);
  return Math.min(1, background + Math.max(own, seen));
}

function counters(state: EstateState): SeriesValue[] {
  return Object.entries(traffic).flatMap(([service, { perSecond }]) => {
    const errors = errorShare(state, service);
    const code = availableShare(state, service).share < 1 ? '503' : '500';
    const labels = { __name__: 'http_requests_total', service, job: service, ...common };
    return [
      { labels: { ...labels, code: '200' }, value: perSecond * (1 - errors) },
      { labels: { ...labels, code: '500' }, value: perSecond * (code === '500' ? errors : background) },
      { labels: { ...labels, code: '503' }, value: perSecond * (code === '503' ? Math.max(0, errors - background) : 0) },
    ];
  });
}

function gauges(state: EstateState): SeriesValue[] {
  const perDeployment = state.deployments.flatMap(({ name }) => {
    const { available, desired, share } = availableShare(state, name);
    const workload = { deployment: name, job: 'kube-state-metrics', ...common };
    return [
      { labels: { __name__: 'kube_deployment_status_replicas_available', ...workload }, value: available },
      { labels: { __name__: 'kube_deployment_spec_replicas', ...workload }, value: desired },
      {
        labels: { __name__: 'http_request_duration_seconds', quantile: '0.95', service: name, job: name, ...common },
        value: Number((0.12 + (1 - share) * 1.4 + errorShare(state, name) * 0.8).toFixed(3)),
      },
    ];
  });
  return [...perDeployment, ...state.pods.filter((pod) => pod.deletedAt === null).flatMap((pod) => podGauges(pod))];
}

function podGauges(pod: EstateState['pods'][number]): SeriesValue[] {
  const { name: container, memoryLimitMi } = pod.template.container;
  const labels = { pod: pod.name, container, ...common };
  return [
    {
      labels: { __name__: 'up', job: container, instance: `${pod.ip}:${pod.template.container.port}`, pod: pod.name, ...common },
      value: pod.stage === 'ready' ? 1 : 0,
    },
    {
      labels: { __name__: 'kube_pod_container_status_restarts_total', ...labels },
      value: pod.fault?.kind === 'crash' ? Math.max(0, pod.attempts - 1) : 0,
    },
    ...(pod.stage === 'ready'
      ? [{ labels: { __name__: 'container_memory_working_set_bytes', ...labels }, value: Math.round(memoryLimitMi * 1024 * 1024 * 0.4) }]
      : []),
  ];
}

/** Value of a series' counter at an instant: the integral of its rate since the first segment. */
export function counterAt(state: EstateState, key: string, at: number): number {
  let total = 0;
  state.segments.forEach((segment, index) => {
    const until = Math.min(at, state.segments[index + 1]?.from ?? Number.POSITIVE_INFINITY);
    const rate = segment.counters.find((series) => seriesKey(series.labels) === key)?.value ?? 0;
    if (until > segment.from) total += (rate * (until - segment.from)) / 1000;
  });
  return total;
}

export function segmentAt(state: EstateState, at: number): Segment | undefined {
  return state.segments.findLast((segment) => segment.from <= at);
}

export function seriesKey(labels: Record<string, string>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
