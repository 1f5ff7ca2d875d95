/** Which service calls which. Distances are numbers of calls, 1 for a direct one; a service is not among its own. */
export interface ServiceGraph {
  /** Everything that the service needs to work. */
  upstream(service: string): ReadonlyMap<string, number>;
  /** Everything that suffers when the service fails. */
  downstream(service: string): ReadonlyMap<string, number>;
  /** The same name for all services that are connected by whatever calls: alerts of two components never depend on each other. */
  component(service: string): string;
}

type Edges = ReadonlyMap<string, readonly string[]>;

function distances(from: string, edges: Edges): ReadonlyMap<string, number> {
  const found = new Map<string, number>([[from, 0]]);
  // A map is read in the order in which it grows.
  for (const [service, distance] of found) for (const next of edges.get(service) ?? []) if (!found.has(next)) found.set(next, distance + 1);
  found.delete(from);
  return found;
}

function reversed(edges: Edges): Edges {
  const back = new Map<string, string[]>();
  for (const [from, targets] of edges) for (const to of targets) back.set(to, [...(back.get(to) ?? []), from]);
  return back;
}

/** Cycles are allowed: each service of one is upstream and downstream of the others. */
export function createServiceGraph(services: readonly { readonly name: string; readonly dependsOn: readonly string[] }[]): ServiceGraph {
  const up: Edges = new Map(services.map(({ name, dependsOn }) => [name, dependsOn]));
  const down = reversed(up);
  const names = new Set([...up.keys(), ...down.keys()]);
  const both: Edges = new Map([...names].map((name) => [name, [...(up.get(name) ?? []), ...(down.get(name) ?? [])]]));
  return {
    upstream: (service) => distances(service, up),
    downstream: (service) => distances(service, down),
    component: (service) => [service, ...distances(service, both).keys()].toSorted()[0] ?? service,
  };
}
