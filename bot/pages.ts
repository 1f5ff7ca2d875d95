import type { DatabasePool } from 'slonik';
import type { Pages } from '../workflows/ports.ts';
import { isRecorded } from './store/audit-exists.ts';
import { lockIncident } from './store/incidents.ts';
import { inTransaction } from './store/pool.ts';
import { type Recorder, system } from './store/record.ts';

/** Calls people through the outbox: whoever asks needs no access to PagerDuty, and what is asked while it is away is done later. */
export function createPages(pool: DatabasePool, record: Recorder): Pages {
  return {
    page: ({ incidentId, planId, key, targets, message }) =>
      inTransaction(pool, async (tx) => {
        await lockIncident(tx, incidentId);
        if (await isRecorded(tx, { incidentId, kind: 'person.paged', actor: system, where: { field: 'key', value: key } })) return;
        await record(tx, { kind: 'person.paged', actor: system, incidentId, planId, ids: { key, targets }, words: { message } });
      }),
  };
}
