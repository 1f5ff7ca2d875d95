import type { DatabasePool } from 'slonik';
import type { Judged } from '../../policy/judged.ts';
import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import { decided } from '../../workflows/decided.ts';
import type { IncidentStore } from '../../workflows/ports.ts';
import type { Actor } from './audit.ts';
import { recordDecisions } from './decisions.ts';
import * as incidents from './incidents.ts';
import { inTransaction } from './pool.ts';
import { system } from './record.ts';
import type { Db, Tx } from './sql.ts';

export interface Incidents extends IncidentStore {
  /** `judged`: what allowed it, recorded with it. */
  open(request: incidents.NewIncident, actor: Actor, judged?: Judged): Promise<{ incident: Incident; created: boolean }>;
  byKey(key: string): Promise<Incident | null>;
  byThread(thread: SlackThread): Promise<Incident | null>;
  /** Newest first, from after that incident. */
  list(after: string | null, limit: number, filter?: incidents.IncidentFilter): Promise<readonly Incident[]>;
  openIds(): Promise<readonly string[]>;
  reopen(id: string, actor: Actor): Promise<boolean>;
  requestCancel(id: string, actor: Actor): Promise<boolean>;
  cancelRequestedBy(id: string): Promise<string | null>;
  summary(id: string): Promise<string | null>;
}

async function open(tx: Tx, context: incidents.IncidentContext, request: incidents.NewIncident, actor: Actor, judged: Judged | undefined) {
  const opened = await incidents.openIncident(tx, context, request, actor);
  if (judged !== undefined) await recordDecisions(tx, context, [decided(judged, { incidentId: opened.incident.id })]);
  return opened;
}

/** `reads`: where lists are read. */
export function createIncidentStore(pool: DatabasePool, context: incidents.IncidentContext, reads: Db): Incidents {
  return {
    get: (id) => incidents.getIncident(pool, id),
    open: (request, actor, judged) => inTransaction(pool, (tx) => open(tx, context, request, actor, judged)),
    transition: (id, state) => inTransaction(pool, (tx) => incidents.transitionIncident(tx, context, id, state, system)),
    close: (id, outcome, summary) => inTransaction(pool, (tx) => incidents.closeIncident(tx, context, id, outcome, summary, system)),
    addRequesters: (id, people) => incidents.addRequesters(pool, id, people),
    setThread: (id, thread) => inTransaction(pool, (tx) => incidents.setIncidentThread(tx, context, id, thread, system)),
    byKey: (key) => incidents.incidentByKey(pool, key),
    byThread: (thread) => incidents.incidentByThread(pool, thread),
    list: (after, limit, filter) => incidents.listIncidents(reads, after, limit, filter),
    openIds: () => incidents.openIncidentIds(pool),
    reopen: (id, actor) => inTransaction(pool, (tx) => incidents.reopenIncident(tx, context, id, actor)),
    requestCancel: (id, actor) => inTransaction(pool, (tx) => incidents.requestCancel(tx, context, id, actor)),
    cancelRequestedBy: (id) => incidents.cancelRequestedBy(pool, id),
    summary: (id) => incidents.incidentSummary(pool, id),
  };
}
