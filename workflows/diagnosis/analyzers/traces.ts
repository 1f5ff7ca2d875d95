import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import type { SeenTrace } from '../model/trace.ts';
import type { Snapshot } from '../snapshot.ts';

/** Shortest parts of a critical path that are told, in percent. */
const leastPercent = 5;

/** `web 20 ms → checkout 20 ms → payments 160 ms (80 %)` */
function pathWords({ summary }: SeenTrace): string {
  return summary.criticalPath
    .filter(({ percent }) => percent >= leastPercent)
    .map(({ service, ms, percent }) => `${service} ${ms} ms (${percent} %)`)
    .join(' → ');
}

interface Beginning {
  readonly trace: SeenTrace;
  readonly service: string;
  readonly operation: string;
  readonly message: string;
}

function beginnings(trace: SeenTrace): Beginning[] {
  return trace.summary.errors.origins.map(({ service, name, message }) => ({ trace, service, operation: name, message }));
}

const together = 0.1;

/** Where the errors of traces begin: in a service that failed although nothing that it called did, called by one that failed with it. */
export function traces(snapshot: Snapshot): readonly Finding[] {
  const failed = snapshot.traces.filter(({ summary }) => summary.errors.spans > 0);
  const byService = Map.groupBy(failed.flatMap(beginnings), ({ trace, service }) => JSON.stringify([trace.site, service]));
  return [...byService.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const { site } = first.trace;
    const callers = new Set(
      all.flatMap(({ trace, service }) =>
        trace.summary.calls.filter(({ to, errors }) => to === service && errors > 0).map(({ from }) => from),
      ),
    );
    // One that nobody called is told by its own errors.
    if (callers.size === 0) return [];
    const known = snapshot.traced.find((one) => one.site === site && one.traceName === first.service);
    const whole = all.every(({ trace }) => trace.summary.complete);
    const own = failed.filter((trace) => trace.site === site);
    const share = new Set(all.map(({ trace }) => trace.traceId)).size / own.length;
    const words = first.message === '' ? '' : `: ${first.message}`;
    return [
      finding({
        analyzer: 'traces',
        cause: 'errors_begin_here',
        entity: { site, kind: 'service', namespace: known?.namespace ?? null, name: known?.name ?? first.service },
        title: `Errors of ${[...callers].toSorted().join(', ')} begin in ${first.service}`,
        mechanism: `In ${Math.round(share * own.length)} of ${own.length} failed traces ${first.operation} of ${first.service} failed and nothing that it called did; its callers failed with it${words}.`,
        refutedBy: whole ? 'Failed traces of the same minutes begin elsewhere.' : 'A span that is missing from these traces failed before.',
        confidence: (whole ? 0.45 : 0.35) + (share === 1 && own.length > 1 ? together : 0),
        evidence: all.map(({ trace, operation, message }) => [
          trace,
          `${first.service} ${operation}${message === '' ? '' : `: ${message}`}; critical path: ${pathWords(trace)}`,
        ]),
      }),
    ];
  });
}
