import { z } from 'zod';
import { traceparent } from '../telemetry/trace.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

export const Sink = z.enum(['linear', 'pagerduty']);
export type Sink = z.infer<typeof Sink>;

export interface OutboxMessage {
  readonly decisionId: string;
  readonly incidentId: string;
  /** The decision's kind, e.g. `incident.opened`. */
  readonly kind: string;
  readonly body: unknown;
}

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
});
export type OutboxRow = z.infer<typeof OutboxRow>;

/**
 * One row per sink. The lock is held until the commit, so that the ids of an incident become visible in their order;
 * it comes last in a transaction, after every row lock, so that two transactions cannot wait for each other.
 */
export async function enqueue(tx: Tx, message: OutboxMessage, sinks: readonly Sink[]): Promise<void> {
  if (sinks.length === 0) return;
  await tx.query(sql.type(z.unknown())`SELECT pg_advisory_xact_lock(hashtextextended(${message.incidentId}, 0))`);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO outbox (decision_id, sink, incident_id, kind, body, traceparent)
    SELECT ${message.decisionId}, sink, ${message.incidentId}, ${message.kind}, ${json(message.body)}::jsonb, ${traceparent()}
    FROM unnest(${sql.array([...sinks], 'text')}) AS sink
    ON CONFLICT (decision_id, sink) DO NOTHING
  `);
}

/** Takes up to `limit` due rows for `seconds`. A row waits while an earlier one of its incident and sink is pending. */
export async function leaseOutbox(db: Db, sink: Sink, limit: number, seconds: number): Promise<readonly OutboxRow[]> {
  const rows = await db.any(sql.type(OutboxRow)`
    UPDATE outbox SET lease_until = now() + make_interval(secs => ${seconds}), attempts = attempts + 1
    WHERE id IN (
      SELECT o.id FROM outbox o
      WHERE o.sink = ${sink} AND o.state = 'pending' AND o.next_at <= now() AND (o.lease_until IS NULL OR o.lease_until <= now())
        AND NOT EXISTS (SELECT FROM outbox e WHERE e.sink = o.sink AND e.incident_id = o.incident_id AND e.id < o.id AND e.state = 'pending')
      ORDER BY o.id LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING id, decision_id AS "decisionId", sink, incident_id AS "incidentId", kind, body, traceparent, attempts, created_at AS "createdAt"
  `);
  return rows.toSorted((a, b) => a.id - b.id);
}

/** `peerId`: what the peer calls it, where it answers with an id. Repeating changes nothing. */
export async function outboxSent(db: Db, id: number, peerId: string | null): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET state = 'sent', sent_at = now(), peer_id = ${peerId}, lease_until = NULL, last_error = NULL WHERE id = ${id} AND state = 'pending'
  `);
}

/** To be tried again from `nextAt` on. `error` must be redacted. */
export async function outboxFailed(db: Db, id: number, error: string, nextAt: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET next_at = ${nextAt.toISOString()}, lease_until = NULL, last_error = ${error.slice(0, 1000)} WHERE id = ${id} AND state = 'pending'
  `);
}

/** The peer will never take it: it no longer holds up the rows behind it. `error` must be redacted. */
export async function outboxRefused(db: Db, id: number, error: string): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET state = 'refused', lease_until = NULL, last_error = ${error.slice(0, 1000)} WHERE id = ${id} AND state = 'pending'
  `);
}

/** When the next pending row of a sink is due; null when none is pending. */
export function outboxNextAt(db: Db, sink: Sink): Promise<string | null> {
  return db.oneFirst(sql.type(z.object({ at: z.string().nullable() }))`
    SELECT min(greatest(next_at, coalesce(lease_until, next_at))) AS at FROM outbox WHERE sink = ${sink} AND state = 'pending'
  `);
}

/** Pending rows of each sink, for metrics. */
export function outboxDepth(db: Db): Promise<readonly { sink: Sink; pending: number }[]> {
  return db.any(sql.type(z.object({ sink: Sink, pending: z.number() }))`
    SELECT sink, count(*) AS pending FROM outbox WHERE state = 'pending' GROUP BY sink
  `);
}
