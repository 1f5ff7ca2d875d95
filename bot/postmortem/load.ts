import { loadEvidence } from '../evidence/load.ts';
import type { Store } from '../store/store.ts';
import { compose } from './compose.ts';
import type { Postmortem } from './model.ts';
import type { Metric, Recorded } from './source.ts';

/** Measurements that are read, and decisions that are listed: more is not a postmortem any more. */
const mostMetrics = 100;
const mostEntries = 2_000;

async function metricsOf(store: Store, heads: readonly { id: string; operation: string; status: string }[]): Promise<Metric[]> {
  const measured = heads.filter(({ operation, status }) => /^prometheus\.query(_range)?$/.test(operation) && status === 'ok');
  const metrics: Metric[] = [];
  for (const { id } of measured.slice(-mostMetrics)) metrics.push({ id, body: await store.observations.get(id) });
  return metrics;
}

async function recordedOf(store: Store, incidentId: string): Promise<Recorded[]> {
  const entries = await store.audit.list({ incidentId }, 0, mostEntries);
  return entries.map(({ body: { kind, at, actor, planId }, data }) => ({ kind, body: { at, actor, planId, data } }));
}

/** The postmortem of an incident, from what is stored now. Throws NotFound. */
export async function loadPostmortem(store: Store, incidentId: string): Promise<Postmortem> {
  const incident = await store.incidents.get(incidentId);
  const [summary, evidence, recorded] = await Promise.all([
    store.incidents.summary(incidentId),
    loadEvidence(store, incidentId),
    recordedOf(store, incidentId),
  ]);
  return compose({ incident, summary, evidence, metrics: await metricsOf(store, evidence.observations), recorded });
}
