import type { ServiceGraph } from '../correlation/graph.ts';
import { explained, type Nearby, type Placement, place } from '../correlation/place.ts';
import { scopeOfService, serviceInWords } from '../correlation/scope.ts';
import type { Alerts } from '../correlation/settings.ts';
import { type NearbyRow, nearbyIncidents } from '../store/nearby.ts';
import type { Tx } from '../store/sql.ts';
import type { IncomingAlert } from './alert.ts';

export interface LocateContext {
  readonly graph: ServiceGraph;
  readonly settings: Alerts;
  readonly services: readonly { readonly name: string }[];
  readonly now: () => Date;
}

const minuteMs = 60_000;

/**
 * Two alerts that could belong together share a key: whoever holds all keys of an alert decides about it alone, in whatever process.
 */
export function keysOf(alert: IncomingAlert, { graph }: Pick<LocateContext, 'graph'>): readonly string[] {
  const { service, scope } = alert.scope;
  return [
    `alert:${alert.source}:${alert.externalId}`,
    `fingerprint:${alert.fingerprint}`,
    service === null ? `scope:${scope}` : `component:${graph.component(service)}`,
    ...alert.changes.map((change) => `change:${change}`),
  ];
}

/** An incident that a person opened without naming a service is about the one that stands in its words. */
function scopesOf(row: NearbyRow, services: LocateContext['services']): readonly string[] {
  const own = row.service ?? (row.words === '' ? null : (serviceInWords(row.words, services)?.name ?? null));
  return [...new Set([...(own === null ? [] : [scopeOfService(own)]), ...row.scopes])];
}

function nearbyOf(row: NearbyRow, services: LocateContext['services']): Nearby {
  const { incidentId, sameFingerprint, sameChange } = row;
  const openedAt = Date.parse(row.openedAt);
  return {
    incidentId,
    openedAt,
    closedAt: row.closedAt === null ? null : Date.parse(row.closedAt),
    scopes: scopesOf(row, services),
    latestAt: Math.max(openedAt, row.latestAt === null ? 0 : Date.parse(row.latestAt)),
    sameFingerprint,
    sameChange,
  };
}

/** Where the alert belongs, and which other incidents have the same cause if it joins one. Call it with the keys of `keysOf` held. */
export async function locate(
  tx: Tx,
  context: LocateContext,
  alert: IncomingAlert,
): Promise<{ readonly placement: Placement; readonly explained: readonly string[] }> {
  const { graph, settings, services, now } = context;
  const { service, scope } = alert.scope;
  const related = service === null ? [] : [service, ...graph.upstream(service).keys(), ...graph.downstream(service).keys()];
  const rows = await nearbyIncidents(tx, {
    fingerprint: alert.fingerprint,
    scopes: [scope, ...related.map(scopeOfService)],
    services: related,
    changes: alert.changes,
    closedSince: new Date(now().getTime() - settings.closedMinutes * minuteMs),
  });
  const arrival = { fingerprint: alert.fingerprint, scope, startsAt: alert.startsAt.getTime() };
  const nearby = rows.map((row) => nearbyOf(row, services));
  const windowMs = settings.windowMinutes * minuteMs;
  const placement = place(arrival, nearby, graph, windowMs);
  return { placement, explained: placement.kind === 'join' ? explained(arrival, placement.incidentId, nearby, graph, windowMs) : [] };
}
