import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

export interface AlertEvent {
  readonly incidentId: string;
  readonly source: string;
  /** Unique per source. */
  readonly eventId: string;
  /** e.g. `pagerduty.acknowledged`. */
  readonly kind: string;
  /** RFC 3339, by the sender's clock. */
  readonly at: string;
  /** For the thread, redacted; null: there is nothing to tell. */
  readonly line: string | null;
}

/** False when the event was handled before. Call it after `askBoard`, whose lock gives the lines of an incident their order. */
export async function insertAlertEvent(tx: Tx, event: AlertEvent): Promise<boolean> {
  const row = await tx.maybeOne(sql.type(z.object({ position: z.number() }))`
    INSERT INTO alert_events (incident_id, source, event_id, kind, at, line)
    VALUES (${event.incidentId}, ${event.source}, ${event.eventId}, ${event.kind}, ${event.at}, ${event.line})
    ON CONFLICT (source, event_id) DO NOTHING RETURNING position
  `);
  return row !== null;
}

export function isHandled(db: Db, source: string, eventId: string): Promise<boolean> {
  return db.exists(sql.typeAlias('none')`SELECT FROM alert_events WHERE source = ${source} AND event_id = ${eventId}`);
}

const Line = z.object({ position: z.number(), at: z.string(), line: z.string() });
export type AlertLine = z.infer<typeof Line>;

/** Lines after the position, in the order in which they were written. */
export function linesAfter(db: Db, incidentId: string, after: number): Promise<readonly AlertLine[]> {
  return db.any(sql.type(Line)`
    SELECT position, at, line FROM alert_events WHERE incident_id = ${incidentId} AND position > ${after} AND line IS NOT NULL ORDER BY position
  `);
}
