import { z } from 'zod';
import type { Recorded } from '../../blocks/proofs.ts';
import { type Db, sql } from './sql.ts';

const Row = z.object({ id: z.string(), kind: z.string(), vote: z.string().nullable(), step: z.string().nullable() });

function recorded(db: Db, condition: ReturnType<typeof sql.fragment>): Promise<readonly Recorded[]> {
  return db.any(sql.type(Row)`
    SELECT e.body ->> 'id' AS id, e.kind, e.body -> 'data' ->> 'vote' AS vote, e.body -> 'data' ->> 'step' AS step
    FROM (SELECT id, kind, convert_from(body, 'UTF8')::jsonb AS body FROM audit_entries WHERE ${condition}) AS e ORDER BY e.id
  `);
}

/** What people decided about a plan and what became of it, in the order in which it was recorded. */
export function recordedOfPlan(db: Db, planId: string): Promise<readonly Recorded[]> {
  const kinds = sql.array(['vote', 'break_glass', 'grant', 'step', 'plan'], 'text');
  return recorded(db, sql.fragment`plan_id = ${planId} AND split_part(kind, '.', 1) = ANY(${kinds})`);
}

/** How an incident ended. */
export function recordedOfIncident(db: Db, incidentId: string): Promise<readonly Recorded[]> {
  return recorded(db, sql.fragment`incident_id = ${incidentId} AND kind = 'incident.closed'`);
}
