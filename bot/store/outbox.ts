import { z } from 'zod';
import { type Route, sinks } from '../mirrors/routes.ts';
import { traceparent } from '../telemetry/trace.ts';
import type { Actor } from './audit.ts';
import type { Recorder } from './record.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

export const Sink = z.enum(sinks);
export type Sink = z.infer<typeof Sink>;

export interface OutboxMessage {
  readonly decisionId: string;
  readonly incidentId: string;
  /** The decision's kind, e.g. `incident.opened`. */
  readonly kind: string;
  readonly body: unknown;
}

/**
 * One row per route; into `linear_agent` only where the incident has a session. The lock is held until the commit, so that the ids of an
 * incident become visible in their order; it comes last in a transaction, after every row lock, so that two transactions cannot wait for
 * each other. `patience`: seconds that a row waits for others.
 */
export async function enqueue(tx: Tx, message: OutboxMessage, routes: readonly Route[], patience: number): Promise<void> {
  if (routes.length === 0) return;
  await tx.query(sql.type(z.unknown())`SELECT pg_advisory_xact_lock(hashtextextended(${message.incidentId}, 0))`);
  const rows = routes.map(({ sink, waits, alone }) => [sink, waits ? patience : 0, alone]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO outbox (decision_id, sink, incident_id, kind, body, traceparent, waits_until, alone)
    SELECT ${message.decisionId}, route.sink, ${message.incidentId}, ${message.kind}, ${json(message.body)}::jsonb, ${traceparent()},
      now() + make_interval(secs => route.waits), route.alone
    FROM ${sql.unnest(rows, ['text', 'float8', 'bool'])} AS route (sink, waits, alone)
    WHERE route.sink <> 'linear_agent' OR EXISTS (SELECT FROM linear_sessions WHERE incident_id = ${message.incidentId})
    ON CONFLICT (decision_id, sink) DO NOTHING
  `);
}

const ids = (of: readonly number[]) => sql.array([...of], 'int8');

/** `peerId`: what the peer calls it, where it answers with an id. Repeating changes nothing. */
export async function outboxSent(db: Db, of: readonly number[], peerId: string | null): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET state = 'sent', sent_at = now(), peer_id = ${peerId}, lease_until = NULL, last_error = NULL
    WHERE id = ANY(${ids(of)}) AND state = 'pending'
  `);
}

/** Written before a call that cannot be looked up afterwards, and taken back (null) when the peer surely did not take it. */
export async function outboxMaybeSent(db: Db, of: readonly number[], at: Date | null): Promise<void> {
  await db.query(sql.typeAlias('none')`UPDATE outbox SET maybe_sent_at = ${at?.toISOString() ?? null} WHERE id = ANY(${ids(of)})`);
}

/** To be tried again from `nextAt` on. `error` must be redacted. */
export async function outboxFailed(db: Db, of: readonly number[], error: string, nextAt: Date): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET next_at = ${nextAt.toISOString()}, lease_until = NULL, last_error = ${error.slice(0, 1000)}
    WHERE id = ANY(${ids(of)}) AND state = 'pending'
  `);
}

/** The peer will never take it: it no longer holds up the rows behind it. `error` must be redacted. */
export async function outboxRefused(db: Db, of: readonly number[], error: string): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE outbox SET state = 'refused', lease_until = NULL, last_error = ${error.slice(0, 1000)} WHERE id = ANY(${ids(of)}) AND state = 'pending'
  `);
}

const Retried = z.object({ id: z.number(), sink: Sink, incidentId: z.string() });

/** A row that its peer refused waits for its turn again, with those of the same message. Answers their ids: none when it is not refused. */
export async function retryRefused(tx: Tx, record: Recorder, id: number, actor: Actor): Promise<readonly number[]> {
  const rows = await tx.any(sql.type(Retried)`
    UPDATE outbox SET state = 'pending', next_at = now(), attempts = 0, maybe_sent_at = NULL
    FROM (SELECT sink, incident_id, batch FROM outbox WHERE id = ${id} AND state = 'refused') AS message
    WHERE outbox.state = 'refused' AND outbox.sink = message.sink AND outbox.incident_id = message.incident_id AND outbox.batch = message.batch
    RETURNING outbox.id, outbox.sink, outbox.incident_id AS "incidentId"
  `);
  const [first] = rows;
  if (first === undefined) return [];
  const retried = rows.map((row) => row.id).toSorted((a, b) => a - b);
  await record(tx, { kind: 'outbox.retried', actor, incidentId: first.incidentId, ids: { sink: first.sink, rows: retried.join(' ') } });
  return retried;
}
