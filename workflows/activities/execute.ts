import type { AuthorizeRequest, Comparison, StepRun } from '../contracts/activities.ts';
import type { Step, StepRecord } from '../contracts/plan.ts';
import { authorizeStep } from './authorize.ts';
import type { Deps } from './deps.ts';
import { loadState, resolveWrite } from './plan.ts';

function comparisonOf(deps: Deps, step: Step, before: unknown): Comparison | null {
  const { operation, input } = resolveWrite(deps, { ...step, verification: [] });
  return operation.comparison?.(input, before) ?? null;
}

/** The dry run is made again with the reads of the approval: those that the state at planning time led to. */
async function toRun(deps: Deps, step: Step): Promise<StepRun> {
  const { operation, input } = resolveWrite(deps, { ...step, verification: [] });
  const before = await loadState(deps, operation, { ...step.state, site: step.site }, step.before);
  return {
    id: step.id,
    site: step.site,
    operation: step.operation,
    input: step.input,
    state: step.state,
    dryRun: step.dryRun.kind === 'shown' ? { comparison: comparisonOf(deps, step, before) } : null,
    probe: step.probe,
    untouched: operation.untouched === undefined ? step.preconditions : operation.untouched(input, before),
    verification: step.verification,
    rollback: step.rollback.kind === 'operation' ? { call: step.rollback.call, verification: step.rollback.verification } : null,
    noRollbackReason: step.rollback.kind === 'none' ? step.rollback.reason : null,
  };
}

export function createExecuteActivities(deps: Deps) {
  return {
    stepRuns: async (planId: string) => Promise.all((await deps.plans.get(planId)).plan.steps.map((step) => toRun(deps, step))),
    authorizeStep: (request: AuthorizeRequest) => authorizeStep(deps, request),
    burnGrant: (grantId: string) => deps.plans.burnGrant(grantId),
    recordStep: (record: StepRecord) => deps.plans.recordStep(record),
  };
}
