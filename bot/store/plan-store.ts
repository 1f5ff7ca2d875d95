import type { DatabasePool } from 'slonik';
import type { Plan, PlanState, StepRecord } from '../../workflows/contracts/plan.ts';
import type { DecisionRecord, PlanStore, StoredPlan } from '../../workflows/ports.ts';
import { nextState, type RequestEvent } from '../../workflows/request-state.ts';
import type { Actor } from './audit.ts';
import { type DecisionContext, recordDecisions } from './decisions.ts';
import { burn } from './grant-store.ts';
import * as grants from './grants.ts';
import * as plans from './plans.ts';
import { inTransaction } from './pool.ts';
import { type Recorder, system } from './record.ts';
import type { Tx } from './sql.ts';

export interface Plans extends PlanStore {
  /** Undecided ones, soonest expiry first, from after that plan. */
  pending(limit: number, after?: string | null): Promise<readonly StoredPlan[]>;
  /** Ids by incident. */
  ids(incidentIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Which file proposed it, of which set. */
function provenanceIds({ provenance }: Plan): Record<string, string> {
  if (provenance === null) return {};
  return { playbookFile: provenance.file, playbookSha256: provenance.sha256, playbookSet: provenance.set };
}

async function savePlan(tx: Tx, context: DecisionContext, plan: Plan, requestHash: string, decision: DecisionRecord): Promise<void> {
  if (!(await plans.insertPlan(tx, plan, requestHash))) return;
  const superseded = { event: { kind: 'supersede' }, reason: `superseded by plan ${plan.id}`, actor: system } as const;
  for (const id of await plans.openPlanIds(tx, plan.incidentId, plan.id)) await settlePlan(tx, context, id, superseded);
  await recordDecisions(tx, context, [decision]);
  await context.record(tx, {
    actor: system,
    incidentId: plan.incidentId,
    kind: 'plan.proposed',
    planId: plan.id,
    ids: {
      ...provenanceIds(plan),
      requestHash,
      playbook: plan.playbook,
      tier: plan.tier,
      needed: plan.approval.needed,
      expiresAt: plan.expiresAt,
    },
    words: { goal: plan.goal, steps: plan.steps.map((step) => step.summary) },
  });
}

/** What happened to a request, as it is recorded. */
export interface Settlement {
  readonly event: RequestEvent;
  readonly reason: string;
  readonly actor: Actor;
}

/** Moves a plan to the state that follows from the event, and records it. Null, and nothing recorded, where the event has no effect. */
export async function settlePlan(
  tx: Tx,
  { record, now }: Pick<DecisionContext, 'record' | 'now'>,
  id: string,
  { event, reason, actor }: Settlement,
): Promise<PlanState | null> {
  const { plan, requestHash, state } = await plans.lockPlan(tx, id);
  const to = nextState({ state, expiresMs: Date.parse(plan.expiresAt) }, event, now().getTime());
  if (to === null) return null;
  await plans.movePlan(tx, id, state, to, reason);
  await record(tx, {
    kind: `plan.${to}`,
    actor,
    incidentId: plan.incidentId,
    planId: id,
    ids: { requestHash, from: state },
    words: { reason },
  });
  return to;
}

async function recordStep(tx: Tx, record: Recorder, step: StepRecord): Promise<void> {
  const { plan } = await plans.lockPlan(tx, step.planId);
  if (!(await plans.writeStep(tx, step))) return;
  const { planId, stepId, reason, ...ids } = step;
  const operation = plan.steps.find((one) => one.id === stepId)?.operation ?? null;
  await record(tx, {
    kind: `step.${step.state}`,
    actor: system,
    incidentId: plan.incidentId,
    planId,
    ids: { ...ids, step: stepId, operation },
    words: { reason },
  });
}

async function issueGrant(tx: Tx, record: Recorder, claims: grants.IssuedGrant): Promise<void> {
  const { plan } = await plans.lockPlan(tx, claims.planId);
  if (!(await grants.insertGrant(tx, claims))) return;
  const { jti, stepId, site, operation, inputSha256 } = claims;
  await record(tx, {
    kind: 'grant.issued',
    actor: system,
    incidentId: plan.incidentId,
    planId: plan.id,
    ids: { jti, step: stepId, site, operation, inputSha256, exp: claims.exp },
  });
}

export function createPlanStore(pool: DatabasePool, context: DecisionContext): Plans {
  return {
    save: (plan, requestHash, decision) => inTransaction(pool, (tx) => savePlan(tx, context, plan, requestHash, decision)),
    get: (id) => plans.getPlan(pool, id),
    listForIncident: (incidentId) => plans.listPlans(pool, incidentId),
    settle: (id, event, reason) => inTransaction(pool, (tx) => settlePlan(tx, context, id, { event, reason, actor: system })),
    recordStep: (step) => inTransaction(pool, (tx) => recordStep(tx, context.record, step)),
    issueGrant: (claims) => inTransaction(pool, (tx) => issueGrant(tx, context.record, claims)),
    burnGrant: (jti) => inTransaction(pool, (tx) => burn(tx, context.record, jti)),
    writesLastHour: () => grants.grantsLastHour(pool),
    pending: (limit, after = null) => plans.listPlansInState(pool, 'pending', limit, after),
    ids: (incidentIds) => (incidentIds.length === 0 ? Promise.resolve(new Map()) : plans.planIds(pool, incidentIds)),
  };
}
