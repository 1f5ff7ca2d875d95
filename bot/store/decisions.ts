import { z } from 'zod';
import type { DecisionRecord } from '../../workflows/ports.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

/** As stored: what `input` and `result` look like is for the reader to check, for older programs wrote them too. */
const RecordedDecision = z.object({
  id: z.string(),
  incidentId: z.string(),
  planId: z.string().nullable(),
  stepId: z.string().nullable(),
  bundle: z.string(),
  input: z.unknown(),
  result: z.unknown(),
  at: z.string(),
});
export type RecordedDecision = z.infer<typeof RecordedDecision>;

const columns = sql.fragment`id, incident_id AS "incidentId", plan_id AS "planId", step_id AS "stepId", bundle, input, result, at`;

/** What policy was asked, and what it answered. */
export async function insertDecision(tx: Tx, id: string, at: Date, decision: DecisionRecord): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    INSERT INTO policy_decisions (id, incident_id, plan_id, step_id, bundle, input, result, at)
    VALUES (${id}, ${decision.incidentId}, ${decision.planId}, ${decision.stepId}, ${decision.bundle}, ${json(decision.input)}::jsonb, ${json(decision.result)}::jsonb, ${at.toISOString()})
  `);
}

/** Those about one plan, oldest first, at most `limit`. */
export function listDecisionsOfPlan(db: Db, incidentId: string, planId: string, limit: number): Promise<readonly RecordedDecision[]> {
  return db.any(sql.type(RecordedDecision)`
    SELECT ${columns} FROM policy_decisions WHERE incident_id = ${incidentId} AND plan_id = ${planId} ORDER BY at, id LIMIT ${limit}
  `);
}

/** The first id of version 7 that an instant can have: ids sort by time, so the primary key finds what came after. */
function firstIdAt(instant: Date): string {
  return instant
    .getTime()
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2');
}

/** Those made at `since` or later, oldest first, after the one with the id `after`, at most `limit`. */
export function listDecisionsSince(db: Db, since: Date, after: string | null, limit: number): Promise<readonly RecordedDecision[]> {
  return db.any(sql.type(RecordedDecision)`
    SELECT ${columns} FROM policy_decisions
    WHERE id >= ${firstIdAt(since)} AND id > ${after ?? ''} ORDER BY id LIMIT ${limit}
  `);
}
