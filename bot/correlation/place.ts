import type { ServiceGraph } from './graph.ts';
import { serviceOf } from './scope.ts';

/** An alert that belongs to no incident yet. Times are in milliseconds since the epoch. */
export interface Arrival {
  readonly fingerprint: string;
  /** What it is about; see scope.ts. */
  readonly scope: string;
  readonly startsAt: number;
}

/** An incident that is open or was closed a short while ago, as far as it matters to the arrival. */
export interface Nearby {
  readonly incidentId: string;
  readonly openedAt: number;
  /** Null: it is open. */
  readonly closedAt: number | null;
  /** What it is about, in the order in which that was learnt. */
  readonly scopes: readonly string[];
  /** Start of its latest alert; its opening where it has none. */
  readonly latestAt: number;
  /** It has an alert with the arrival's fingerprint. */
  readonly sameFingerprint: boolean;
  /** It has an alert of the same deploy or rollout. */
  readonly sameChange: boolean;
}

/** Why an alert belongs to an incident, strongest first. */
export const reasons = ['fingerprint', 'service', 'change', 'dependency'] as const;
export type Reason = (typeof reasons)[number];

export type Placement =
  | { readonly kind: 'open' }
  | { readonly kind: 'join' | 'reopen'; readonly incidentId: string; readonly reason: Reason };

/**
 * The service at fault, as far as the alerts tell: the first one, until one that it depends on has an alert too.
 * A service that merely fails along with it never takes its place, so two causes with a common victim stay two.
 */
export function rootOf(scopes: readonly string[], graph: ServiceGraph): string | null {
  let root: string | null = null;
  for (const service of scopes.map(serviceOf)) {
    if (service === null) continue;
    if (root === null || graph.upstream(root).has(service)) root = service;
  }
  return root;
}

/** Calls between the arrival's service and the one at fault; null where neither depends on the other. */
function distance(arrival: Arrival, incident: Nearby, graph: ServiceGraph): number | null {
  const service = serviceOf(arrival.scope);
  const root = rootOf(incident.scopes, graph);
  if (service === null || root === null) return null;
  return graph.upstream(service).get(root) ?? graph.downstream(service).get(root) ?? null;
}

function inWindow(arrival: Arrival, incident: Nearby, windowMs: number): boolean {
  return arrival.startsAt >= incident.openedAt - windowMs && arrival.startsAt <= incident.latestAt + windowMs;
}

interface Fit {
  readonly incident: Nearby;
  readonly reason: Reason;
  readonly distance: number;
}

function fitOf(arrival: Arrival, incident: Nearby, graph: ServiceGraph, windowMs: number): Fit | null {
  const is = (reason: Reason, calls = 0): Fit => ({ incident, reason, distance: calls });
  if (incident.sameFingerprint) return is('fingerprint');
  if (incident.scopes.includes(arrival.scope)) return is('service');
  if (!inWindow(arrival, incident, windowMs)) return null;
  if (incident.sameChange) return is('change');
  const calls = distance(arrival, incident, graph);
  return calls === null ? null : is('dependency', calls);
}

/** What began after the end is a new problem: the same one again is looked at again, anything else gets an incident of its own. */
function isTaken({ incident, reason }: Fit, arrival: Arrival): boolean {
  return incident.closedAt === null || arrival.startsAt <= incident.closedAt || reason === 'fingerprint' || reason === 'service';
}

function better(a: Fit, b: Fit): number {
  return (
    Number(a.incident.closedAt !== null) - Number(b.incident.closedAt !== null) ||
    reasons.indexOf(a.reason) - reasons.indexOf(b.reason) ||
    a.distance - b.distance ||
    a.incident.openedAt - b.incident.openedAt ||
    (a.incident.incidentId < b.incident.incidentId ? -1 : 1)
  );
}

/** Where an alert belongs. Time alone joins nothing: without something in common it is an incident of its own. */
export function place(arrival: Arrival, nearby: readonly Nearby[], graph: ServiceGraph, windowMs: number): Placement {
  const fits = nearby
    .map((incident) => fitOf(arrival, incident, graph, windowMs))
    .filter((one) => one !== null)
    .filter((one) => isTaken(one, arrival));
  const [best] = fits.toSorted(better);
  if (best === undefined) return { kind: 'open' };
  const { incident, reason } = best;
  const again = incident.closedAt !== null && arrival.startsAt > incident.closedAt;
  return { kind: again ? 'reopen' : 'join', incidentId: incident.incidentId, reason };
}

/**
 * Other open incidents that the arrival explains: the service at fault there depends on its service. Known only now: had it come first, their alerts
 * would have joined it. A victim explains nothing.
 */
export function explained(
  arrival: Arrival,
  into: string,
  nearby: readonly Nearby[],
  graph: ServiceGraph,
  windowMs: number,
): readonly string[] {
  const service = serviceOf(arrival.scope);
  if (service === null) return [];
  const dependsOnIt = (incident: Nearby): boolean => {
    const root = rootOf(incident.scopes, graph);
    return root !== null && root !== service && graph.upstream(root).has(service);
  };
  return nearby
    .filter((one) => one.incidentId !== into && one.closedAt === null && inWindow(arrival, one, windowMs) && dependsOnIt(one))
    .map(({ incidentId }) => incidentId);
}
