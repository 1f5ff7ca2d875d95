import { z } from 'zod';
import { Sink } from './outbox.ts';
import { sql, type Tx } from './sql.ts';

export const OutboxRow = z.object({
  id: z.number(),
  decisionId: z.string(),
  sink: Sink,
  incidentId: z.string(),
  kind: z.string(),
  /** Decision as recorded: `{at, actor, planId, data}`. */
  body: z.object({
    at: z.string(),
    actor: z.object({ kind: z.string(), id: z.string() }),
    planId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  }),
  traceparent: z.string().nullable(),
  /** This one included. */
  attempts: z.number(),
  createdAt: z.string(),
  /** When an earlier attempt began whose effect cannot be looked up. */
  maybeSentAt: z.string().nullable(),
});
export type OutboxRow = z.infer<typeof OutboxRow>;

/** Rows that become one message, in their order. */
export interface OutboxBatch {
  /** Decision ids of the first and the last row. */
  readonly key: string;
  readonly rows: readonly [OutboxRow, ...OutboxRow[]];
}

/** Rows of one message at most. */
export const longestBatch = 20;

const Head = z.object({ id: z.number(), incidentId: z.string(), batch: z.string().nullable() });
type Head = z.infer<typeof Head>;

/**
 * First pending rows of their incidents that are due: those whose message is fixed, and those that have waited long enough, that are
 * followed by one that does not wait, or that have company enough. Locked, so that one process takes an incident's rows at a time.
 */
function lockHeads(tx: Tx, sink: Sink, limit: number): Promise<readonly Head[]> {
  return tx.any(sql.type(Head)`
    SELECT o.id, o.incident_id AS "incidentId", o.batch FROM outbox o
    WHERE o.sink = ${sink} AND o.state = 'pending' AND o.next_at <= now() AND (o.lease_until IS NULL OR o.lease_until <= now())
      AND NOT EXISTS (SELECT FROM outbox e WHERE e.sink = o.sink AND e.incident_id = o.incident_id AND e.id < o.id AND e.state = 'pending')
      AND (
        o.batch IS NOT NULL
        OR EXISTS (
          SELECT FROM outbox l
          WHERE l.sink = o.sink AND l.incident_id = o.incident_id AND l.id >= o.id AND l.state = 'pending' AND l.waits_until <= now()
        )
        OR (
          SELECT count(*) FROM outbox l
          WHERE l.sink = o.sink AND l.incident_id = o.incident_id AND l.id >= o.id AND l.state = 'pending'
        ) >= ${longestBatch}
      )
    ORDER BY o.id LIMIT ${limit} FOR UPDATE OF o SKIP LOCKED
  `);
}

/** The head and what follows it, up to the first row that stands alone. */
async function fixBatch(tx: Tx, sink: Sink, head: Head): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    WITH waiting AS (
      SELECT id, decision_id, alone OR batch IS NOT NULL AS stops FROM outbox
      WHERE sink = ${sink} AND incident_id = ${head.incidentId} AND state = 'pending' AND id >= ${head.id} ORDER BY id LIMIT ${longestBatch}
    ), members AS (
      SELECT id, decision_id FROM waiting
      WHERE id = ${head.id}
        OR NOT EXISTS (SELECT FROM waiting w WHERE w.stops AND w.id <= waiting.id)
    )
    UPDATE outbox SET batch = (
      SELECT CASE count(*) WHEN 1 THEN min(decision_id)
        ELSE (array_agg(decision_id ORDER BY id))[1] || '..' || (array_agg(decision_id ORDER BY id DESC))[1] END
      FROM members
    )
    WHERE id IN (SELECT id FROM members)
  `);
}

function leaseBatch(tx: Tx, sink: Sink, incidentId: string, headId: number, seconds: number): Promise<readonly BatchRow[]> {
  return tx.any(sql.type(BatchRow)`
    UPDATE outbox SET lease_until = now() + make_interval(secs => ${seconds}), attempts = attempts + 1
    WHERE sink = ${sink} AND incident_id = ${incidentId} AND state = 'pending' AND batch = (SELECT h.batch FROM outbox h WHERE h.id = ${headId})
    RETURNING id, decision_id AS "decisionId", sink, incident_id AS "incidentId", kind, body, traceparent, attempts,
      created_at AS "createdAt", maybe_sent_at AS "maybeSentAt", batch
  `);
}

const BatchRow = OutboxRow.extend({ batch: z.string() });
type BatchRow = z.infer<typeof BatchRow>;

/** Takes up to `limit` messages for `seconds`. A row waits while an earlier one of its incident and sink is pending. */
export async function leaseOutbox(tx: Tx, sink: Sink, limit: number, seconds: number): Promise<readonly OutboxBatch[]> {
  const batches: OutboxBatch[] = [];
  for (const head of await lockHeads(tx, sink, limit)) {
    if (head.batch === null) await fixBatch(tx, sink, head);
    const leased = (await leaseBatch(tx, sink, head.incidentId, head.id, seconds)).toSorted((a, b) => a.id - b.id);
    const [first, ...rest] = leased.map(({ batch: _batch, ...row }): OutboxRow => row);
    if (first !== undefined) batches.push({ key: leased[0]?.batch ?? first.decisionId, rows: [first, ...rest] });
  }
  return batches;
}
