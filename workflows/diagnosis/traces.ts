import { z } from 'zod';
import { TraceQl } from '../../tools/tempo/ask.ts';
import { TraceSummary } from '../../tools/tempo/trace/summary.ts';
import type { Probe } from '../contracts/activities.ts';
import type { Estate } from '../ports.ts';
import type { Objects } from './model/index.ts';
import type { Kept } from './observed.ts';

type Service = Estate['services'][number];

/** What a service is called in traces: its `service.name`. */
export function traceNameOf({ name, traces }: Service): string {
  return traces ?? name;
}

/** The service of the configuration that is called so in traces of that site. */
export function serviceOf({ services }: Pick<Estate, 'services'>, site: string, name: string): Service | undefined {
  return services.find((service) => service.site === site && traceNameOf(service) === name);
}

const windowMinutes = 60;
/** Failed traces that are looked for, and that are read of one service. */
const most = { found: 10, read: 3 };

/** Failed traces of a service within the last hour. A name with a quote would end the expression: such a service is not looked for. */
export function traceProbes(service: Service, at: Date): Probe[] {
  const name = traceNameOf(service);
  const query = `{ resource.service.name = "${name}" && status = error }`;
  if (/["\\]/.test(name) || !TraceQl.safeParse(query).success) return [];
  const start = new Date(at.getTime() - windowMinutes * 60_000).toISOString();
  return [
    {
      site: service.site,
      title: `Failed traces of ${service.name}`,
      operation: 'tempo.search',
      input: { query, start, end: at.toISOString(), limit: most.found },
    },
  ];
}

const Found = z.object({ traces: z.array(z.object({ traceId: z.string() })) });

/** Traces that were found, and those that were read; calls between services of the configuration. */
export function toldTraces(kept: readonly Kept[], estate: Pick<Estate, 'services'>): Partial<Objects> {
  const of = (operation: string) => kept.filter(({ body }) => body.operation === operation);
  const failedTraces = of('tempo.search').flatMap(({ id, body }) =>
    (Found.safeParse(body.output).data?.traces ?? [])
      .slice(0, most.read)
      .map(({ traceId }) => ({ observation: id, site: body.site, traceId })),
  );
  const traces = of('tempo.trace').flatMap(({ id, body }) => {
    const summary = TraceSummary.safeParse(body.output);
    return summary.success ? [{ observation: id, site: body.site, traceId: String(body.input['traceId']), summary: summary.data }] : [];
  });
  const calls = traces.flatMap(({ observation, site, summary }) =>
    summary.calls.flatMap((call) => {
      const [from, to] = [serviceOf(estate, site, call.from), serviceOf(estate, site, call.to)];
      if (from === undefined || to === undefined || from.namespace !== to.namespace) return [];
      return [{ observation, site, namespace: from.namespace, from: from.name, to: to.name }];
    }),
  );
  const traced = traces.flatMap(({ observation, site, summary }) =>
    summary.services.flatMap(({ name: traceName }) => {
      const service = serviceOf(estate, site, traceName);
      return service === undefined ? [] : [{ observation, site, namespace: service.namespace, name: service.name, traceName }];
    }),
  );
  return { failedTraces, traces, traced, calls };
}

/** Reads of the traces that were found. */
export function readTraces({ failedTraces, traces }: Pick<Objects, 'failedTraces' | 'traces'>): Probe[] {
  const known = new Set(traces.map(({ site, traceId }) => `${site} ${traceId}`));
  const open = failedTraces.filter(({ site, traceId }) => !known.has(`${site} ${traceId}`));
  return open.map(({ site, traceId }) => ({ site, title: `Trace ${traceId}`, operation: 'tempo.trace', input: { traceId } }));
}
