import { ownerOf } from './look.ts';
import type { SeenLogTemplate } from './model/signals.ts';
import type { SeenPod } from './model/workload.ts';
import type { Snapshot } from './snapshot.ts';

/** What the pod, or its workload, logged. */
export function logsOf(snapshot: Snapshot, seen: SeenPod): readonly SeenLogTemplate[] {
  const { name } = ownerOf(seen);
  return snapshot.templates.filter(
    ({ site, namespace, source }) =>
      site === seen.site && namespace === seen.pod.namespace && (source === name || source === seen.pod.name),
  );
}

/** What changes from line to line: times, ids, addresses, numbers. */
const variable =
  /\b\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b|\b\d+(?:\.\d+)*\b/gi;

/** Templates of a log: at most `limit`, the most frequent first; the sample is the last line of its kind. */
export function clusters(text: string, limit = 50): readonly { readonly sample: string; readonly count: number }[] {
  const found = new Map<string, { sample: string; count: number }>();
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const sample = line.slice(0, 2_000);
    const key = sample.replace(variable, '#').slice(0, 300);
    const known = found.get(key);
    if (known === undefined && found.size >= 5_000) continue;
    found.set(key, { sample, count: (known?.count ?? 0) + 1 });
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count).slice(0, limit);
}
