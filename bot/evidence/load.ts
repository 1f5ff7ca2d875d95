import type { Observation } from '../../tools/contract.ts';
import type { Store } from '../store/store.ts';
import type { Evidence } from './model.ts';

/** Of an incident's alerts and of the bodies that findings cite: what one answer carries. */
const mostAlerts = 200;
const mostBodies = 50;

/** Throws what the store throws. */
export async function loadEvidence(store: Store, incidentId: string): Promise<Evidence> {
  const [alerts, observations, findings, plans, similar] = await Promise.all([
    store.alerts.foremost(incidentId, mostAlerts),
    store.observations.heads(incidentId),
    store.findings.listForIncident(incidentId),
    store.plans.listForIncident(incidentId),
    store.memories.similar(incidentId),
  ]);
  const cited = [...new Set(findings.flatMap(({ edges }) => edges.map(({ observation }) => observation)))].slice(0, mostBodies);
  const bodies = new Map<string, Observation>();
  for (const id of cited) bodies.set(id, await store.observations.get(id));
  return { alerts, observations, bodies, findings, plans, similar };
}
