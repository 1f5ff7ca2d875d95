import type { Metric, SeenSignal } from './model/signals.ts';
import type { Snapshot } from './snapshot.ts';
import { callees, callers } from './topology.ts';

/** So many times its usual value is slow, whatever the percentile. */
export const slowFactor = 2;

export function increase({ normal, current }: SeenSignal): number {
  if (current === null) return 1;
  return normal === null || normal === 0 ? 1_000 : current / normal;
}

export const slow = (signal: SeenSignal) => signal.metric === 'latency' && signal.current !== null && increase(signal) >= slowFactor;
const silent = (signal: SeenSignal) => signal.metric === 'latency' && signal.current === null;

export function has(signals: readonly SeenSignal[], ...metrics: readonly Metric[]): SeenSignal | undefined {
  return signals.find(({ metric }) => metrics.includes(metric));
}

/** Signals by `namespace/name` of the service. */
export function ofServices(snapshot: Snapshot): ReadonlyMap<string, readonly SeenSignal[]> {
  const signals = snapshot.signals.filter(({ entity }) => entity.kind !== 'node');
  return Map.groupBy(signals, ({ entity: { namespace, name } }) => `${namespace ?? ''}/${name}`);
}

export interface Suspect {
  readonly name: string;
  readonly signals: readonly SeenSignal[];
  /** Slow services that call it, directly or not. */
  readonly explains: number;
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
    return above === 0
      ? []
      : [{ name: caller, signals: [{ ...first, entity: { ...first.entity, name: caller }, words }], explains: above, factor: 0 }];
  });
}

/** Slow services that call no slow service: whoever waits for them is slow because of them. */
export function suspects(snapshot: Snapshot): readonly Suspect[] {
  const services = ofServices(snapshot);
  const slowOnes = new Map([...services].filter(([, signals]) => signals.some(slow)));
  const isSlow = (key: string) => slowOnes.has(key);
  const roots = [...slowOnes.values()].flatMap((signals): Suspect[] => {
    const [first] = signals;
    if (first === undefined) return [];
    const { namespace, name } = first.entity;
    const place = namespace ?? '';
    const waits = callees(snapshot, place, name).some((callee) => callee !== name && isSlow(`${place}/${callee}`));
    const explains = [...callers(snapshot, place, name)].filter((caller) => isSlow(`${place}/${caller}`)).length;
    return waits ? [] : [{ name, signals, explains, factor: Math.max(0, ...signals.filter(slow).map(increase)) }];
  });
  // Slow services that wait for a starving one's callers are explained by them.
  const hungry = roots.some(({ explains }) => explains > 0) ? [] : starving(snapshot, services, isSlow);
  return [...roots, ...hungry].toSorted((a, b) => b.explains - a.explains || b.factor - a.factor);
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
    return [{ name: first.entity.name, signals, explains, factor: 0 }];
  });
}
