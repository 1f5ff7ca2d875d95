import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

/** From now on the decisions of the incident stream to the session. The first incident of a session stays. */
export async function putLinearSession(tx: Tx, sessionId: string, incidentId: string): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    INSERT INTO linear_sessions (session_id, incident_id) VALUES (${sessionId}, ${incidentId}) ON CONFLICT (session_id) DO NOTHING
  `);
}

/** Oldest first. */
export function linearSessionsOf(db: Db, incidentId: string): Promise<readonly string[]> {
  return db.anyFirst(sql.type(z.object({ id: z.string() }))`
    SELECT session_id AS id FROM linear_sessions WHERE incident_id = ${incidentId} ORDER BY created_at, session_id
  `);
}

/** The incident of a session; null for one that nobody asked anything in. */
export function incidentOfLinearSession(db: Db, sessionId: string): Promise<string | null> {
  return db.maybeOneFirst(sql.type(z.object({ id: z.string() }))`
    SELECT incident_id AS id FROM linear_sessions WHERE session_id = ${sessionId}
  `);
}
