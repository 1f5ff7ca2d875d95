import type { Finding } from '../../contracts/finding.ts';
import { ailing } from '../ailing.ts';
import { finding } from '../build.ts';
import { existing } from '../look.ts';
import type { SeenRoute } from '../model/network.ts';
import type { Snapshot } from '../snapshot.ts';

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** The words of a path that may name what it leads to: `/api/v1/orders/**` → `orders`. */
function words(path: string): string[] {
  return path
    .split('/')
    .map(plain)
    .filter((word) => word.length > 3 && !/^(api|v\d+|rest|graphql|public|internal)$/.test(word));
}

/** The service that a route names by its path and its id, and that is not the one it leads to. */
function named(route: SeenRoute, names: readonly string[]): string | undefined {
  const [word] = words(route.path);
  const id = plain(route.id);
  const leads = plain(route.backend.service);
  if (word === undefined || leads.includes(word)) return undefined;
  const [closest] = names
    .filter((name) => plain(name).endsWith(word) && plain(name).includes(id) && name !== route.backend.service)
    // `payment` names the service of that name rather than `inside-payment`.
    .toSorted((a, b) => a.length - b.length);
  return closest;
}

/** Names in a list of routes follow a pattern, `lb://shop-<id>-service`: the words before and after the id in most of them. */
function pattern(routes: readonly SeenRoute[]): { before: string; after: string } | null {
  const shapes = routes.flatMap(({ id, backend }) => {
    const [before, after, more] = plain(backend.service).split(plain(id));
    return before === undefined || after === undefined || more !== undefined ? [] : [`${before} ${after}`];
  });
  const [most] = [...Map.groupBy(shapes, (shape) => shape)].toSorted(([, a], [, b]) => b.length - a.length);
  if (most === undefined || most[1].length < 5 || most[1].length < routes.length * 0.7) return null;
  const [before = '', after = ''] = most[0].split(' ');
  return { before, after };
}

/** The service that the pattern of the list gives for this route, where it leads to another one. */
function expected(route: SeenRoute, routes: readonly SeenRoute[], names: readonly string[]): string | undefined {
  const usual = pattern(routes.filter(({ source, namespace }) => source === route.source && namespace === route.namespace));
  if (usual === null) return undefined;
  const name = `${usual.before}${plain(route.id)}${usual.after}`;
  return plain(route.backend.service) === name ? undefined : names.find((one) => plain(one) === name);
}

/** What leads into the cluster, rather than a program's own list. */
const objects: ReadonlySet<string> = new Set(['ingress', 'httproute']);

function misrouted(snapshot: Snapshot, route: SeenRoute, names: readonly string[]): Finding[] {
  const usual = expected(route, snapshot.routes, names);
  const service = usual ?? named(route, names);
  if (service === undefined) return [];
  const suffers = [service, route.backend.service].some((name) => ailing(snapshot, { ...route, name }));
  // One service may answer for another, as a gateway of its own does: what is odd is one line in a list of many.
  const [holder = ''] = route.source.split('/');
  if (usual === undefined && !suffers && objects.has(holder)) return [];
  return [
    finding({
      analyzer: 'routes',
      cause: 'route_misdirected',
      entity: { site: route.site, kind: 'service', namespace: route.namespace, name: service },
      title: `Calls of ${service} are sent to ${route.backend.service}`,
      mechanism: `The route ${route.id} of ${route.source} sends ${route.path} to ${route.backend.service}, which knows no such path; ${service} gets none of them.`,
      refutedBy: `${route.backend.service} serves ${route.path} on purpose.`,
      confidence: snapshot.signals.some(({ entity, metric }) => entity.name === service && metric === 'errors')
        ? 0.93
        : suffers
          ? 0.75
          : 0.6,
      evidence: [[route, `${route.id}: ${route.path} → ${route.backend.service}`]],
      facts: { route: route.id, backend: route.backend.service },
    }),
  ];
}

/** Only of objects of the cluster: the lists of other gateways may name backends elsewhere. */
function dangling(snapshot: Snapshot, route: SeenRoute): Finding[] {
  const [holder = ''] = route.source.split('/');
  // Of the controller of AWS: an action that its annotations describe, no service.
  if (!objects.has(holder) || route.backend.port === 'use-annotation') return [];
  const known = existing(snapshot, route.site, 'service', route.namespace);
  const service = snapshot.services.find(
    ({ site, namespace, name }) => site === route.site && namespace === route.namespace && name === route.backend.service,
  );
  const missing = service === undefined && known?.has(route.backend.service) === false;
  const port = route.backend.port;
  const closed =
    service !== undefined &&
    service.type !== 'ExternalName' &&
    port !== null &&
    !service.ports.some((one) => one.port === port || one.name === port);
  if (!missing && !closed) return [];
  return [
    finding({
      analyzer: 'routes',
      cause: missing ? 'ingress_backend_missing' : 'ingress_port_mismatch',
      entity: { site: route.site, kind: holder, namespace: route.namespace, name: route.id },
      title: `The ${holder} ${route.id} leads to ${missing ? 'a service that does not exist' : 'a port that the service does not have'}`,
      mechanism: `${route.path} leads to ${route.backend.service}:${port ?? ''}, so its callers get an error of the gateway.`,
      refutedBy: 'The service has that port.',
      confidence: 0.9,
      evidence: [[route, `${route.path} → ${route.backend.service}:${port ?? ''}`]],
    }),
  ];
}

/** Rules of ingresses and gateways that lead to the wrong place, or nowhere. */
export function routes(snapshot: Snapshot): readonly Finding[] {
  const unique = [
    ...new Map(
      snapshot.routes.map((route) => [`${route.site}/${route.namespace}/${route.source}/${route.id}/${route.path}`, route]),
    ).values(),
  ];
  const names = [...new Set([...snapshot.services.map(({ name }) => name), ...snapshot.workloads.map(({ name }) => name)])];
  return unique.flatMap((route) => [...misrouted(snapshot, route, names), ...dangling(snapshot, route)]);
}
