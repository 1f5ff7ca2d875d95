import { contentHash } from '../../tools/canonical.ts';
import type { Plan, StepRecord } from '../../workflows/contracts/plan.ts';
import { decisionOf, findingOf, observationOf, planOf } from '../store/fixtures.ts';
import type { Store } from '../store/store.ts';

/** A plan that waits for its approval, on a finding. */
export async function propose(store: Store, incidentId: string): Promise<Plan> {
  const before = await store.observations.put(observationOf(incidentId));
  await store.findings.save(incidentId, [findingOf(before)]);
  const plan = planOf(incidentId, before);
  await store.plans.save(plan, contentHash(plan), decisionOf(plan));
  return plan;
}

/** For tests: an incident whose plan is rejected. */
export async function rejectedLife(store: Store, incidentId: string): Promise<Plan> {
  const plan = await propose(store, incidentId);
  await store.plans.settle(plan.id, { kind: 'answer', verdict: 'reject', quorum: false }, 'not now');
  return plan;
}

async function execute(store: Store, incidentId: string): Promise<{ plan: Plan; step: StepRecord }> {
  const plan = await propose(store, incidentId);
  await store.plans.settle(plan.id, { kind: 'answer', verdict: 'approve', quorum: true }, 'approve by bob');
  await store.incidents.transition(incidentId, 'executing');
  await store.plans.settle(plan.id, { kind: 'start' }, 'execution started');
  const observed = () => store.observations.put(observationOf(incidentId));
  const step: StepRecord = {
    planId: plan.id,
    stepId: 's1',
    state: 'running',
    before: plan.steps[0]?.before ?? null,
    output: null,
    verification: null,
    rollbackOutput: null,
    rollbackVerification: null,
    reason: null,
  };
  await store.plans.recordStep(step);
  return { plan, step: { ...step, output: await observed(), verification: await observed() } };
}

/** For tests: a plan that is approved, executed, verified, and closes its incident. */
export async function resolvedLife(store: Store, incidentId: string): Promise<Plan> {
  const { plan, step } = await execute(store, incidentId);
  await store.plans.recordStep({ ...step, state: 'done' });
  await store.plans.settle(plan.id, { kind: 'end', outcome: 'done' }, 'every step was executed and verified');
  await store.incidents.close(incidentId, 'resolved', 'The rollout was undone.');
  return plan;
}

/** For tests: a plan whose step does not verify. */
export async function failedLife(store: Store, incidentId: string): Promise<Plan> {
  const { plan, step } = await execute(store, incidentId);
  await store.plans.recordStep({ ...step, state: 'failed', reason: 'the error rate is 0.4' });
  await store.plans.settle(plan.id, { kind: 'end', outcome: 'failed' }, 'it did not help');
  await store.incidents.close(incidentId, 'failed', 'It did not help.');
  return plan;
}
