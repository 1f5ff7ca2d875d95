import { ApplicationFailure, CancellationScope } from '@temporalio/workflow';
import type { CallMode, OperationCall } from '../../tools/contract.ts';
import type { Assembled, Comparison, DryRunParts, StepDerived, StepParts } from '../contracts/activities.ts';
import type { PlanDraft } from '../contracts/plan.ts';
import { readAt } from './call.ts';
import { worker } from './proxies.ts';

/** Runs a call that the plan cannot do without; answers the observation's id. */
export async function required(incidentId: string, site: string, { operation, input }: OperationCall, mode: CallMode): Promise<string> {
  const answer = await readAt({ incidentId, site, operation, input, mode });
  if (answer.status === 'ok') return answer.observation;
  throw ApplicationFailure.nonRetryable(`${operation} (${mode}): ${answer.message}`, 'plan_invalid');
}

interface Rehearsed extends OperationCall {
  readonly site: string;
  readonly comparison: Comparison | null;
}

/** Asks the system what a step would do, without effect. Throws plan_invalid when it refuses. */
export async function rehearse(incidentId: string, { site, operation, input, comparison }: Rehearsed): Promise<DryRunParts> {
  const [dryRun, now, after] = await Promise.all([
    required(incidentId, site, { operation, input }, 'dry_run'),
    comparison === null ? null : required(incidentId, site, comparison.now, 'run'),
    comparison === null || comparison.after === null ? null : required(incidentId, site, comparison.after, 'run'),
  ]);
  return { dryRun, now, after };
}

async function partsOf(incidentId: string, step: StepDerived, state: string): Promise<StepParts> {
  const { site, operation, input, rollback } = step;
  const [dryRun, via, rollbackVia] = await Promise.all([
    step.hasDryRun ? rehearse(incidentId, step) : null,
    required(incidentId, site, { operation, input }, 'render'),
    rollback === null ? null : required(incidentId, site, rollback, 'render'),
  ]);
  return { state, dryRun, via, rollbackVia };
}

/**
 * Turns a draft into a plan that a person can judge: reads the state of every target, dry-runs every step, resolves the exact
 * command lines at the site. A step that cannot be dry-run makes no plan.
 */
export async function prepare(incidentId: string, planId: string, draft: PlanDraft): Promise<Assembled> {
  try {
    const planned = { incidentId, planId };
    const needs = await worker.stepNeeds(draft, planned);
    const states = await Promise.all(needs.map((need) => required(incidentId, need.site, need.state, 'run')));
    const derived = await worker.deriveSteps(draft, states, planned);
    const parts = await Promise.all(derived.map((step, index) => partsOf(incidentId, step, states[index] ?? '')));
    // Waited for even when cancelled: a plan that is stored must be known here, so that it can be settled.
    return await CancellationScope.nonCancellable(() => worker.assemblePlan(incidentId, planId, draft, parts));
  } catch (error) {
    if (error instanceof ApplicationFailure && error.type === 'plan_invalid')
      return { kind: 'denied', by: 'systems', reasons: [error.message] };
    throw error;
  }
}
