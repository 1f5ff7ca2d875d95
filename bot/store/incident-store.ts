import type { DatabasePool } from 'slonik';
import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { IncidentStore } from '../../workflows/ports.ts';
import type { Actor } from './audit.ts';
import * as incidents from './incidents.ts';
import { inTransaction } from './pool.ts';
import { system } from './record.ts';

export interface Incidents extends IncidentStore {
  open(request: incidents.NewIncident, actor: Actor): Promise<{ incident: Incident; created: boolean }>;
  byKey(key: string): Promise<Incident | null>;
  byThread(thread: SlackThread): Promise<Incident | null>;
  /** Newest first, from after that incident. */
  list(after: string | null, limit: number): Promise<readonly Incident[]>;
  openIds(): Promise<readonly string[]>;
  reopen(id: string, actor: Actor): Promise<boolean>;
  requestCancel(id: string, actor: Actor): Promise<boolean>;
  cancelRequestedBy(id: string): Promise<string | null>;
  summary(id: string): Promise<string | null>;
}

export function createIncidentStore(pool: DatabasePool, context: incidents.IncidentContext): Incidents {
  return {
    get: (id) => incidents.getIncident(pool, id),
    open: (request, actor) => inTransaction(pool, (tx) => incidents.openIncident(tx, context, request, actor)),
    transition: (id, state) => inTransaction(pool, (tx) => incidents.transitionIncident(tx, context, id, state, system)),
    close: (id, outcome, summary) => inTransaction(pool, (tx) => incidents.closeIncident(tx, context, id, outcome, summary, system)),
    setThread: (id, thread) => inTransaction(pool, (tx) => incidents.setIncidentThread(tx, context, id, thread, system)),
    byKey: (key) => incidents.incidentByKey(pool, key),
    byThread: (thread) => incidents.incidentByThread(pool, thread),
    list: (after, limit) => incidents.listIncidents(pool, after, limit),
    openIds: () => incidents.openIncidentIds(pool),
    reopen: (id, actor) => inTransaction(pool, (tx) => incidents.reopenIncident(tx, context, id, actor)),
    requestCancel: (id, actor) => inTransaction(pool, (tx) => incidents.requestCancel(tx, context, id, actor)),
    cancelRequestedBy: (id) => incidents.cancelRequestedBy(pool, id),
    summary: (id) => incidents.incidentSummary(pool, id),
  };
}
