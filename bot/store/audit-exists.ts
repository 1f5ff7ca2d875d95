import type { Actor } from './audit.ts';
import { sql, type Tx } from './sql.ts';

interface Recorded {
  readonly incidentId: string;
  readonly kind: string;
  readonly actor: Actor;
  /** An id in the entry's data. */
  readonly where?: { readonly field: string; readonly value: string };
}

/** Whether such a decision is on record: for what is to be decided once. Lock the incident first. */
export function isRecorded(tx: Tx, { incidentId, kind, actor, where }: Recorded): Promise<boolean> {
  const field =
    where === undefined
      ? sql.fragment`true`
      : sql.fragment`convert_from(body, 'UTF8')::jsonb -> 'data' ->> ${where.field} = ${where.value}`;
  return tx.exists(sql.typeAlias('id')`
    SELECT id FROM audit_entries
    WHERE incident_id = ${incidentId} AND kind = ${kind} AND actor = ${`${actor.kind}:${actor.id}`} AND ${field}
  `);
}
