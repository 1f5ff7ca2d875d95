import { z } from 'zod';
import { Sink } from './outbox.ts';
import { type Db, sql } from './sql.ts';

export const OutboxState = z.enum(['pending', 'sent', 'refused']);
export type OutboxState = z.infer<typeof OutboxState>;

/** A row as it is shown: what it says is in the audit entry of its decision. */
export const OutboxEntry = z.object({
  id: z.number(),
  decisionId: z.string(),
  sink: Sink,
  incidentId: z.string(),
  kind: z.string(),
  state: OutboxState,
  attempts: z.number(),
  createdAt: z.string(),
  nextAt: z.string(),
  sentAt: z.string().nullable(),
  /** Rows with the same one are one message. */
  batch: z.string().nullable(),
  peerId: z.string().nullable(),
  lastError: z.string().nullable(),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;

export interface OutboxFilter {
  readonly state?: OutboxState | undefined;
  readonly sink?: Sink | undefined;
  readonly incidentId?: string | undefined;
}

/** Oldest first, those after `after`, at most `limit`. */
export function listOutbox(db: Db, filter: OutboxFilter, after: number, limit: number): Promise<readonly OutboxEntry[]> {
  const conditions = [
    sql.fragment`id > ${after}`,
    ...(filter.state === undefined ? [] : [sql.fragment`state = ${filter.state}`]),
    ...(filter.sink === undefined ? [] : [sql.fragment`sink = ${filter.sink}`]),
    ...(filter.incidentId === undefined ? [] : [sql.fragment`incident_id = ${filter.incidentId}`]),
  ];
  return db.any(sql.type(OutboxEntry)`
    SELECT id, decision_id AS "decisionId", sink, incident_id AS "incidentId", kind, state, attempts, created_at AS "createdAt",
      next_at AS "nextAt", sent_at AS "sentAt", batch, peer_id AS "peerId", last_error AS "lastError"
    FROM outbox WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id LIMIT ${limit}
  `);
}

export const OutboxDepth = z.object({
  sink: Sink,
  pending: z.number(),
  refused: z.number(),
  /** Age of the oldest pending row; 0 when none is pending. */
  oldestSeconds: z.number(),
});
export type OutboxDepth = z.infer<typeof OutboxDepth>;

/** What waits, and what was refused, of each sink that has either. */
export function outboxDepth(db: Db): Promise<readonly OutboxDepth[]> {
  return db.any(sql.type(OutboxDepth)`
    SELECT sink, count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'refused') AS refused,
      coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'pending')), 0)::float8 AS "oldestSeconds"
    FROM outbox WHERE state <> 'sent' GROUP BY sink ORDER BY sink
  `);
}
