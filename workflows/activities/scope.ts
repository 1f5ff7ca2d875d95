import type { Probe, Scope } from '../contracts/activities.ts';
import type { Incident } from '../contracts/incident.ts';
import { deliveryProbes } from '../diagnosis/change-reads.ts';
import { traceProbes } from '../diagnosis/traces.ts';
import type { Estate } from '../ports.ts';
import type { Deps } from './deps.ts';
import { allowedReads } from './reads.ts';

type Service = Estate['services'][number];
type Site = Estate['sites'][number];

/** The name as a word of its own: `cart` is not in `cartridge`, nor in `shop-cart`. */
function word(name: string): RegExp {
  return new RegExp(`(^|[^\\p{L}\\p{N}-])${RegExp.escape(name)}($|[^\\p{L}\\p{N}-])`, 'iu');
}

/** The incident's service; else those whose name stands in its words; else every service, where nothing narrows it down. */
function concerned(incident: Incident, estate: Estate): readonly Service[] {
  const here = estate.services.filter((service) => incident.site === null || service.site === incident.site);
  if (incident.service !== null) return here.filter((service) => service.name === incident.service);
  const words = `${incident.title}\n${incident.text}`;
  const named = here.filter((service) => word(service.name).test(words));
  return named.length > 0 ? named : here;
}

function serviceProbes(service: Service, site: Site, at: Date): Probe[] {
  const metrics: Probe[] =
    service.errorRateQuery === null || !site.systems.includes('prometheus')
      ? []
      : [
          {
            site: site.name,
            title: `Error rate of ${service.name}`,
            operation: 'prometheus.query',
            input: { expr: service.errorRateQuery },
          },
        ];
  const rollout: Probe[] = site.systems.includes('kubernetes')
    ? [
        {
          site: site.name,
          title: `Rollout of ${service.name}`,
          operation: 'kubernetes.rollout_state',
          input: { kind: 'deployment', namespace: service.namespace, name: service.name },
        },
      ]
    : [];
  const has = (system: string) => site.systems.includes(system);
  return [...rollout, ...metrics, ...(has('tempo') ? traceProbes(service, at) : []), ...(has('grafana') ? panelProbes(service, at) : [])];
}

const panelMinutes = 60;

/** Pictures of the panels that are configured for a service; they are shared in the thread. */
function panelProbes({ name, site, panels }: Service, at: Date): Probe[] {
  const from = new Date(at.getTime() - panelMinutes * 60_000).toISOString();
  return (panels?.panels ?? []).map((panel) => ({
    site,
    title: `Panel ${panel} of ${name}`,
    operation: 'grafana.panel_image',
    input: { dashboard: panels?.dashboard, panel, from, to: at.toISOString(), width: 800, height: 400 },
  }));
}

function namespaceProbes(site: Site, namespace: string): Probe[] {
  if (!site.systems.includes('kubernetes')) return [];
  return [
    { site: site.name, title: `Workloads and pods in ${namespace}`, operation: 'kubernetes.workloads', input: { namespace } },
    { site: site.name, title: `Events in ${namespace}`, operation: 'kubernetes.events', input: { namespace } },
  ];
}

/** Services whose own rollout and metrics are read in the first round; more are found through their namespace. */
const maximumServices = 6;

export function probesFor(incident: Incident, estate: Estate, at: Date): readonly Probe[] {
  const services = concerned(incident, estate);
  const sites = new Map(estate.sites.map((site) => [site.name, site]));
  const namespaces = new Map(services.map((service) => [`${service.site}/${service.namespace}`, service]));
  const wide = [...namespaces.values()].flatMap((service) => {
    const site = sites.get(service.site);
    return site === undefined ? [] : namespaceProbes(site, service.namespace);
  });
  const narrow = services.slice(0, maximumServices).flatMap((service) => {
    const site = sites.get(service.site);
    return site === undefined ? [] : serviceProbes(service, site, at);
  });
  const alerts = [...new Set(services.map((service) => service.site))].flatMap((name): Probe[] =>
    sites.get(name)?.systems.includes('prometheus') === true
      ? [{ site: name, title: 'Firing alerts', operation: 'prometheus.alerts', input: {} }]
      : [],
  );
  const delivered = [...Map.groupBy(namespaces.values(), ({ site }) => site)].flatMap(([name, there]) => {
    const site = sites.get(name);
    return site === undefined ? [] : deliveryProbes(site, [...new Set(there.map(({ namespace }) => namespace))]);
  });
  return [...wide, ...narrow, ...alerts, ...delivered];
}

export function createScope(deps: Deps) {
  return async function scope(incidentId: string): Promise<Scope> {
    const incident = await deps.incidents.get(incidentId);
    const { allowed, gaps } = await allowedReads(deps, incidentId, probesFor(incident, deps.estate, deps.now()));
    if (allowed.length > 0) return { probes: allowed, question: null, gaps, ...(deps.model.serves('investigate') && { model: true }) };
    if (gaps.length > 0) return { probes: [], question: `Policy allows none of the reads: ${gaps.join('; ')}`, gaps };
    const known = deps.estate.services.map((service) => service.name).join(', ');
    const question =
      known === ''
        ? 'No service is configured: list services and sites in watchkeeper.yaml.'
        : `Nothing of ${incident.service ?? 'this'} can be read. I know: ${known}.`;
    return { probes: [], question, gaps };
  };
}
