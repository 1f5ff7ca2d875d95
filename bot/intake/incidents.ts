import type { DatabasePool } from 'slonik';
import type { Incidents } from '../ports.ts';
import type { Actor } from '../store/audit.ts';
import { uuidv7 } from '../store/id.ts';
import { insertEvent } from '../store/inbox.ts';
import { openIncident, requestCancel } from '../store/incidents.ts';
import { inTransaction } from '../store/pool.ts';
import type { Store } from '../store/store.ts';

/** Incidents from the API and the CLI, and cancellation from everywhere: state and inbox event in one transaction. */
export function createIncidents(pool: DatabasePool, store: Pick<Store, 'record' | 'redact' | 'now'>): Incidents {
  return {
    open: (request) =>
      inTransaction(pool, async (tx) => {
        const { requester, source, by } = request;
        const actor: Actor = by ?? (requester === null ? { kind: 'system', id: source } : { kind: 'person', id: requester });
        const { incident } = await openIncident(tx, store, request, actor);
        await insertEvent(tx, { kind: 'api.incident', dedupeKey: incident.id, incidentId: incident.id }, store.redact);
        return incident;
      }),
    cancel: (incidentId, by) =>
      inTransaction(pool, async (tx) => {
        const open = await requestCancel(tx, store, incidentId, typeof by === 'string' ? { kind: 'person', id: by } : by);
        if (open)
          await insertEvent(
            tx,
            { kind: 'wake', dedupeKey: `cancel:${incidentId}:${uuidv7(store.now())}`, incidentId, reason: 'cancel' },
            store.redact,
          );
        return open;
      }),
  };
}
