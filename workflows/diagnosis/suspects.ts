import type { Metric, SeenSignal } from './model/signals.ts';
import { quantity } from './quantity.ts';
import type { Snapshot } from './snapshot.ts';
import { below, callees, callers } from './topology.ts';

/** So many times its usual value is slow, whatever the percentile. */
export const slowFactor = 2;

/** Whoever waits for a service calls it a few times for each request at most: a smaller delay than this part of its own is not why it is slow. */
const leastPart = 1 / 10;

export function increase({ normal, current }: SeenSignal): number {
  if (current === null) return 1;
  return normal === null || normal === 0 ? 1_000 : current / normal;
}

export const slow = (signal: SeenSignal) => signal.metric === 'latency' && signal.current !== null && increase(signal) >= slowFactor;
const silent = (signal: SeenSignal) => signal.metric === 'latency' && signal.current === null;

/** By how many seconds answers are later than usual. */
export function delayOf(signals: readonly SeenSignal[]): number {
  return Math.max(0, ...signals.filter(slow).map(({ normal, current }) => (current ?? 0) - (normal ?? 0)));
}

export function has(signals: readonly SeenSignal[], ...metrics: readonly Metric[]): SeenSignal | undefined {
  return signals.find(({ metric }) => metrics.includes(metric));
}

/** Signals by `namespace/name` of the service. */
export function ofServices(snapshot: Snapshot): ReadonlyMap<string, readonly SeenSignal[]> {
  const signals = snapshot.signals.filter(({ entity }) => entity.kind !== 'node');
  return Map.groupBy(signals, ({ entity: { namespace, name } }) => `${namespace ?? ''}/${name}`);
}

/** How much of its CPU limit a service uses; null: not measured, or without a limit. */
export function cpuShare(snapshot: Snapshot, signals: readonly SeenSignal[]): number | null {
  const share = has(signals, 'cpu')?.current;
  if (share != null) return share;
  const measured = has(signals, 'cpu_cores');
  const workload = snapshot.workloads.find(
    ({ name, namespace }) => name === measured?.entity.name && namespace === measured.entity.namespace,
  );
  const limits = workload?.spec?.containers.flatMap(({ limits: each }) => quantity(each['cpu'] ?? null) ?? []) ?? [];
  const limit = limits.reduce((sum, each) => sum + each, 0);
  return measured?.current == null || limit === 0 ? null : measured.current / limit;
}

/** Nearly all of its CPU, or enough of it to be throttled. */
const full = { alone: 0.8, throttled: 0.4 };

/** It uses the CPU that it may. Being throttled alone is no sign of it: short bursts are, at any load. */
export function saturated(snapshot: Snapshot, signals: readonly SeenSignal[]): boolean {
  const share = cpuShare(snapshot, signals);
  const throttled = has(signals, 'cpu_throttling') !== undefined;
  if (share !== null) return share >= (throttled ? full.throttled : full.alone);
  return throttled && has(signals, 'cpu_cores') !== undefined;
}

export interface Suspect {
  readonly name: string;
  readonly signals: readonly SeenSignal[];
  /** Slow services that call it, directly or not, and are not later than it can make them. */
  readonly explains: number;
  /** The same, each counted by how much of its delay can come from here; one more where its CPU is at its limit. */
  readonly weight: number;
  readonly factor: number;
}

/**
 * Services that fell silent get no requests any more: somebody before them holds these up. Of the services that call one, the one that calls
 * the fewest others is the likeliest: a gateway would starve more of them.
 */
function starving(snapshot: Snapshot, services: ReadonlyMap<string, readonly SeenSignal[]>, isSlow: (key: string) => boolean): Suspect[] {
  return [...services.values()].flatMap((signals) => {
    const [first] = signals;
    if (first === undefined || !signals.every(silent)) return [];
    const { namespace, name } = first.entity;
    const place = namespace ?? '';
    const direct = snapshot.calls.filter((call) => call.namespace === place && call.to === name).map(({ from }) => from);
    const [caller] = [...new Set(direct)].toSorted((a, b) => callees(snapshot, place, a).length - callees(snapshot, place, b).length);
    if (caller === undefined) return [];
    const above = [...callers(snapshot, place, caller)].filter((each) => isSlow(`${place}/${each}`)).length;
    const words = `${name} gets no requests any more, and ${caller} is the one that sends it some`;
    const entity = { ...first.entity, name: caller };
    return above === 0 ? [] : [{ name: caller, signals: [{ ...first, entity, words }], explains: above, weight: above, factor: 0 }];
  });
}

const surest = (a: Suspect, b: Suspect) => b.weight - a.weight || b.explains - a.explains || b.factor - a.factor;

/** Slow services that call no service which is slow enough, or busy enough, to be why: whoever waits for them is slow because of them. */
export function suspects(snapshot: Snapshot): readonly Suspect[] {
  const services = ofServices(snapshot);
  const slowOnes = new Map([...services].filter(([, signals]) => signals.some(slow)));
  const isSlow = (key: string) => slowOnes.has(key);
  const delay = (key: string) => delayOf(slowOnes.get(key) ?? []);
  const busy = (key: string) => saturated(snapshot, services.get(key) ?? []);
  const roots = [...slowOnes].flatMap(([key, signals]): Suspect[] => {
    const [first] = signals;
    if (first === undefined) return [];
    const { namespace, name } = first.entity;
    const place = namespace ?? '';
    const own = delay(key);
    // Who has no CPU left is slow for that. Others wait, also through services of which nothing is measured.
    const waits =
      !busy(key) &&
      [...below(snapshot, place, name)]
        .map((callee) => `${place}/${callee}`)
        .some((callee) => (isSlow(callee) ? delay(callee) >= own * leastPart : busy(callee)));
    const late = [...callers(snapshot, place, name)].map((caller) => delay(`${place}/${caller}`)).filter((each) => each > 0);
    const parts = late.map((each) => Math.min(1, own / each)).filter((part) => part >= leastPart);
    // A reason of its own that was measured is worth as much as somebody who waits for it.
    const weight = parts.reduce((sum, part) => sum + part, busy(key) ? 1 : 0);
    return waits ? [] : [{ name, signals, explains: parts.length, weight, factor: Math.max(0, ...signals.filter(slow).map(increase)) }];
  });
  // Slow services that wait for a starving one's callers are explained by them.
  const hungry = roots.some(({ explains }) => explains > 0) ? [] : starving(snapshot, services, isSlow);
  return [...roots, ...hungry].toSorted(surest);
}

/** Where nothing is slow: services that fail requests and get less through, and call none that does. */
export function failing(snapshot: Snapshot): readonly Suspect[] {
  const services = ofServices(snapshot);
  const bad = new Map(
    [...services].filter(([, signals]) => has(signals, 'errors') !== undefined && has(signals, 'packets', 'throughput') !== undefined),
  );
  return [...bad.values()].flatMap((signals): Suspect[] => {
    const [first] = signals;
    const place = first?.entity.namespace ?? '';
    if (first === undefined || callees(snapshot, place, first.entity.name).some((callee) => bad.has(`${place}/${callee}`))) return [];
    const explains = [...callers(snapshot, place, first.entity.name)].filter((caller) => bad.has(`${place}/${caller}`)).length;
    return [{ name: first.entity.name, signals, explains, weight: explains, factor: 0 }];
  });
}
