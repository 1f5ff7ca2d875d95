import type { Snapshot } from './snapshot.ts';
import { callers } from './topology.ts';

const measured: ReadonlySet<string> = new Set(['errors', 'latency', 'throughput', 'packets', 'packet_loss']);
const complaint =
  /refused|timed? ?out|deadline exceeded|unavailable|unreachable|no route|no such host|not resolve|name resolution|UnknownHost|ECONN|ENOTFOUND|EAI_AGAIN|\b50[234]\b/i;

/**
 * Whether somebody suffers from what is wrong with a service or workload: it lacks replicas, it or whoever calls it is slow or fails, it cannot be
 * reached, or complains. What is merely odd is how many healthy estates are set up.
 */
export function ailing(snapshot: Snapshot, at: { readonly site: string; readonly namespace: string; readonly name: string }): boolean {
  const names = new Set([at.name, ...callers(snapshot, at.namespace, at.name)]);
  const here = (one: { readonly site: string; readonly namespace: string }) => one.site === at.site && one.namespace === at.namespace;
  return (
    snapshot.workloads.some((one) => here(one) && one.name === at.name && one.ready < one.desired) ||
    snapshot.signals.some(
      ({ site, entity, metric }) =>
        site === at.site &&
        entity.kind !== 'node' &&
        (entity.namespace ?? at.namespace) === at.namespace &&
        names.has(entity.name) &&
        measured.has(metric),
    ) ||
    snapshot.errorRates.some(
      ({ service, value }) => here(service) && names.has(service.name) && value !== null && value > service.errorRateLimit,
    ) ||
    snapshot.reach.some((one) => here(one) && one.service === at.name && !one.ok) ||
    snapshot.templates.some((one) => here(one) && one.source === at.name && complaint.test(one.sample))
  );
}
