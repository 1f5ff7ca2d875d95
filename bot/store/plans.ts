import { z } from 'zod';
import { Sha256 } from '../../tools/contract.ts';
import { Plan, PlanState, StepRecord } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { breakGlassOf } from './break-glass.ts';
import { InvalidTransition, NotFound } from './errors.ts';
import { type Db, json, sql, type Tx } from './sql.ts';
import { listVotes } from './votes.ts';

const Row = z.object({ plan: Plan, requestHash: Sha256, state: PlanState });
const columns = sql.fragment`body AS plan, request_hash AS "requestHash", state`;

/** A plan with its state, without votes and steps. */
export type PlanRow = z.infer<typeof Row>;

async function whole(db: Db, row: PlanRow): Promise<StoredPlan> {
  const { id } = row.plan;
  const use = await breakGlassOf(db, id);
  const breakGlass = use === null ? null : { person: use.person, reason: use.reason, at: use.at, until: use.until };
  return { ...row, votes: await listVotes(db, id), steps: await listSteps(db, id), breakGlass };
}

/** Throws NotFound. */
export async function getPlan(db: Db, id: string): Promise<StoredPlan> {
  const row = await db.maybeOne(sql.type(Row)`SELECT ${columns} FROM plans WHERE id = ${id}`);
  if (row === null) throw new NotFound('plan', id);
  return whole(db, row);
}

/** As `getPlan`, and keeps others from changing it until the transaction ends: votes on it are counted one after the other. */
export async function lockPlan(tx: Tx, id: string): Promise<StoredPlan> {
  const row = await tx.maybeOne(sql.type(Row)`SELECT ${columns} FROM plans WHERE id = ${id} FOR UPDATE`);
  if (row === null) throw new NotFound('plan', id);
  return whole(tx, row);
}

/** Oldest first. */
export async function listPlans(db: Db, incidentId: string): Promise<readonly StoredPlan[]> {
  const rows = await db.any(sql.type(Row)`SELECT ${columns} FROM plans WHERE incident_id = ${incidentId} ORDER BY created_at, id`);
  return Promise.all(rows.map((row) => whole(db, row)));
}

export async function planIds(db: Db, incidentIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db.any(sql.type(z.object({ incident: z.string(), plans: z.array(z.string()) }))`
    SELECT incident_id AS incident, array_agg(id ORDER BY created_at, id) AS plans FROM plans
    WHERE incident_id = ANY(${sql.array([...incidentIds], 'text')}) GROUP BY incident_id
  `);
  return new Map(rows.map((row) => [row.incident, row.plans]));
}

/** Soonest expiry first. */
export async function listPlansInState(
  db: Db,
  state: PlanState,
  limit: number,
  after: string | null = null,
): Promise<readonly StoredPlan[]> {
  const rows = await db.any(sql.type(Row)`
    SELECT ${columns} FROM plans
    WHERE state = ${state} AND (${after}::text IS NULL OR (expires_at, id) > (SELECT c.expires_at, c.id FROM plans c WHERE c.id = ${after}))
    ORDER BY expires_at, id LIMIT ${limit}
  `);
  return Promise.all(rows.map((row) => whole(db, row)));
}

/** False when it is stored already. Throws InvalidTransition when that id holds another request. */
export async function insertPlan(tx: Tx, plan: Plan, requestHash: string): Promise<boolean> {
  const inserted = await tx.maybeOne(sql.typeAlias('id')`
    INSERT INTO plans (id, incident_id, request_hash, body, created_at, expires_at)
    VALUES (${plan.id}, ${plan.incidentId}, ${requestHash}, ${json(plan)}::jsonb, ${plan.createdAt}, ${plan.expiresAt})
    ON CONFLICT (id) DO NOTHING RETURNING id
  `);
  if (inserted === null) {
    const there = await getPlan(tx, plan.id);
    if (there.requestHash !== requestHash) throw new InvalidTransition(`plan ${plan.id} is stored with another request hash`);
    return false;
  }
  const steps = plan.steps.map((step, position) => [plan.id, step.id, position, plan.incidentId, step.before]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO plan_steps (plan_id, step_id, position, incident_id, before)
    SELECT * FROM ${sql.unnest(steps, ['text', 'text', 'int4', 'text', 'text'])}
  `);
  return true;
}

/** Moves a locked plan. Throws InvalidTransition where no such way exists (migrations/0002_plans.sql). */
export async function movePlan(tx: Tx, id: string, from: PlanState, to: PlanState, reason: string): Promise<void> {
  await tx.one(sql.typeAlias('id')`
    UPDATE plans SET state = ${to}, state_reason = ${reason}, state_at = now() WHERE id = ${id} AND state = ${from} RETURNING id
  `);
}

/** Plans of the incident that are neither settled nor running, other than `except`; locked in the order of their ids. */
export function openPlanIds(tx: Tx, incidentId: string, except: string): Promise<readonly string[]> {
  return tx.anyFirst(sql.typeAlias('id')`
    SELECT id FROM plans WHERE incident_id = ${incidentId} AND id <> ${except} AND state IN ('pending', 'approved') ORDER BY id FOR UPDATE
  `);
}

/** In the plan's order. */
export function listSteps(db: Db, planId: string): Promise<readonly StepRecord[]> {
  return db.any(sql.type(StepRecord)`
    SELECT plan_id AS "planId", step_id AS "stepId", state, before, output, verification,
      rollback_output AS "rollbackOutput", rollback_verification AS "rollbackVerification", reason
    FROM plan_steps WHERE plan_id = ${planId} ORDER BY position
  `);
}

/** Writes the whole record; false when it says what is stored already. Throws NotFound, and Rejected when a done step lacks evidence. */
export async function writeStep(tx: Tx, step: StepRecord): Promise<boolean> {
  const known = await tx.maybeOne(sql.type(z.object({ same: z.boolean() }))`
    SELECT (state, before, output, verification, rollback_output, rollback_verification, reason) IS NOT DISTINCT FROM
      (${step.state}::text, ${step.before}::text, ${step.output}::text, ${step.verification}::text, ${step.rollbackOutput}::text, ${step.rollbackVerification}::text, ${step.reason}::text) AS same
    FROM plan_steps WHERE plan_id = ${step.planId} AND step_id = ${step.stepId} FOR UPDATE
  `);
  if (known === null) throw new NotFound('step', `${step.planId}/${step.stepId}`);
  if (known.same) return false;
  await tx.query(sql.typeAlias('none')`
    UPDATE plan_steps SET state = ${step.state}, before = ${step.before}, output = ${step.output}, verification = ${step.verification},
      rollback_output = ${step.rollbackOutput}, rollback_verification = ${step.rollbackVerification}, reason = ${step.reason}, updated_at = now()
    WHERE plan_id = ${step.planId} AND step_id = ${step.stepId}
  `);
  return true;
}
