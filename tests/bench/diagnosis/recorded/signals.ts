import { z } from 'zod';
import type { Objects } from '../../../../workflows/diagnosis/model/index.ts';
import type { Metric } from '../../../../workflows/diagnosis/model/signals.ts';

interface At {
  readonly observation: string;
  readonly site: string;
}

const Alerts = z.looseObject({
  alerts: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        type: z.string().optional(),
        evidence: z.array(z.string()).optional(),
        entry_service: z.string().optional(),
        raw_error: z.string().optional(),
        occurrences: z.number().optional(),
      }),
    )
    .default([]),
});

const metrics: readonly (readonly [RegExp, Metric])[] = [
  [/^LATENCY/, 'latency'],
  [/^THROUGHPUT/, 'throughput'],
  [/^ERROR/, 'errors'],
  [/loss/i, 'packet_loss'],
  [/retrans/i, 'retransmissions'],
  [/^TRAFFIC/, 'packets'],
  [/^RESOURCE.*(cfs|throttl)/i, 'cpu_throttling'],
  [/^RESOURCE.*cpu/i, 'cpu_cores'],
  [/^RESOURCE.*mem/i, 'memory'],
];

const number = (text: string, pattern: RegExp): number | null => {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
};

const normal = /Normal=([\d.]+)/;
const current = /Cur(?:rent)?=([\d.]+)/;

function apart(part: string): number {
  const [before, now] = [number(part, normal) ?? 0, number(part, current) ?? 0];
  return Math.abs(Math.log((now + 0.01) / (before + 0.01)));
}

/** The alerts of a recorded case: what left its usual range. */
export function signalsOf(value: unknown, namespace: string, at: At): Partial<Objects> {
  const parsed = Alerts.safeParse(value);
  if (!parsed.success) return {};
  const signals = parsed.data.alerts.flatMap(({ name, type, evidence, entry_service, raw_error, occurrences }) => {
    const named = name ?? entry_service ?? '';
    // A pod is taken for its workload: `web-5d9c-x` → `web`.
    const owner = type === 'Pod' ? named.replace(/-[a-z0-9]{5,10}-[a-z0-9]{5}$/, '') : named;
    const entity = { kind: type === 'Node' ? ('node' as const) : ('service' as const), namespace, name: owner };
    if (raw_error !== undefined) {
      return [{ ...at, entity, metric: 'errors' as const, normal: 0, current: occurrences ?? 1, words: raw_error }];
    }
    return (evidence ?? []).flatMap((words) => {
      const metric = metrics.find(([pattern]) => pattern.test(words))?.[1];
      if (metric === undefined) return [];
      const measured = words.split(' | ').filter((part) => part.includes('Normal='));
      // Of several percentiles, or directions, the one that left its range the furthest.
      const [worst = words] = measured.toSorted((a, b) => apart(b) - apart(a));
      const unit = metric === 'latency' ? 1_000 : 1;
      const value = (pattern: RegExp) => {
        const read = number(worst, pattern);
        return read === null ? null : read / unit;
      };
      return [{ ...at, entity, metric, normal: value(normal), current: value(current), words }];
    });
  });
  return { signals };
}

const Patterns = z.object({ patterns: z.array(z.looseObject({ count: z.number(), sample: z.string() })) });
const Lines = z.record(z.string(), z.array(z.string()));

export function templatesOf(value: unknown, namespace: string, source: string, at: At): Partial<Objects> {
  const patterns = Patterns.safeParse(value);
  const place = { ...at, namespace, source };
  if (patterns.success) return { templates: patterns.data.patterns.map(({ sample, count }) => ({ ...place, sample, count })) };
  const lines = Lines.safeParse(value);
  return lines.success
    ? { templates: Object.values(lines.data).flatMap((all) => all.map((sample) => ({ ...place, sample, count: 1 }))) }
    : {};
}

export function callsOf(text: string, namespace: string, at: At): Partial<Objects> {
  const from = /^\[Service\]: (\S+)/m.exec(text)?.[1];
  const direct = [...text.matchAll(/^[├└]── (\S+)/gm)].flatMap((found) => found[1] ?? []);
  return from === undefined ? {} : { calls: direct.map((to) => ({ ...at, namespace, from, to })) };
}

export function reachOf(text: string, namespace: string, service: string, port: number, at: At): Partial<Objects> {
  const parts = text.split(/^Debug Pod test results deployed on /m);
  const tried =
    parts.length > 1 ? parts.slice(1).map((part) => [part.slice(0, part.indexOf(':')), part] as const) : [[null, text] as const];
  return { reach: tried.map(([from, part]) => ({ ...at, namespace, service, port, from, ok: part.includes('Connection Succeeded') })) };
}
