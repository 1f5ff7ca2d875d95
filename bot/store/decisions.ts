import type { DecisionRecord } from '../../workflows/ports.ts';
import { json, sql, type Tx } from './sql.ts';

/** What policy was asked, and what it answered. */
export async function insertDecision(tx: Tx, id: string, at: Date, decision: DecisionRecord): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    INSERT INTO policy_decisions (id, incident_id, plan_id, step_id, bundle, input, result, at)
    VALUES (${id}, ${decision.incidentId}, ${decision.planId}, ${decision.stepId}, ${decision.bundle}, ${json(decision.input)}::jsonb, ${json(decision.result)}::jsonb, ${at.toISOString()})
  `);
}
