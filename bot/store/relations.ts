import { z } from 'zod';
import { type Db, sql, type Tx } from './sql.ts';

export const RelationKind = z.enum(['merged_into', 'same_cause']);
export type RelationKind = z.infer<typeof RelationKind>;

/** False when the two were related before. */
export async function relate(tx: Tx, incidentId: string, otherId: string, kind: RelationKind): Promise<boolean> {
  const row = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO incident_relations (incident_id, other_id, kind)
    SELECT ${incidentId}, ${otherId}, ${kind}
    WHERE NOT EXISTS (SELECT FROM incident_relations WHERE incident_id = ${otherId} AND other_id = ${incidentId})
    ON CONFLICT DO NOTHING RETURNING incident_id AS id
  `);
  return row !== null;
}

/** As one incident sees the other: `merged_into`, it went there; `merged_from`, the other one came here. */
export const Relation = z.object({ incidentId: z.string(), kind: z.enum(['merged_into', 'merged_from', 'same_cause']), at: z.string() });
export type Relation = z.infer<typeof Relation>;

export function relationsOf(db: Db, incidentId: string): Promise<readonly Relation[]> {
  return db.any(sql.type(Relation)`
    SELECT other_id AS "incidentId", kind, at FROM incident_relations WHERE incident_id = ${incidentId}
    UNION ALL
    SELECT incident_id, CASE kind WHEN 'merged_into' THEN 'merged_from' ELSE kind END, at FROM incident_relations WHERE other_id = ${incidentId}
    ORDER BY at
  `);
}

const Moved = z.object({ source: z.string(), externalId: z.string(), url: z.string().nullable(), scope: z.string(), startsAt: z.string() });
export type MovedAlert = z.infer<typeof Moved>;

/** Puts every alert of one incident under another one, in the order in which they came; not the page that our own mirror opened. */
export async function moveAlerts(tx: Tx, from: string, to: string): Promise<readonly MovedAlert[]> {
  const moved = await tx.any(sql.type(Moved.extend({ position: z.number() }))`
    UPDATE alerts SET incident_id = ${to}, joined_by = 'dependency', looked = false WHERE incident_id = ${from} AND joined_by <> 'own'
    RETURNING source, external_id AS "externalId", url, scope, starts_at AS "startsAt", position
  `);
  // What comes about the same thing from now on belongs to the other one.
  await tx.query(sql.typeAlias('none')`UPDATE alert_boards SET scopes = '{}' WHERE incident_id = ${from}`);
  return moved.toSorted((a, b) => a.position - b.position);
}

/** Whether anything was found out about it that speaks for a cause of its own. */
export function hasFindings(db: Db, incidentId: string): Promise<boolean> {
  return db.exists(sql.typeAlias('none')`SELECT FROM findings WHERE incident_id = ${incidentId}`);
}
