import type { Check, ToolAnswer } from '../../tools/contract.ts';
import { isPatient } from '../../tools/expect.ts';
import type { StepRun } from '../contracts/activities.ts';
import type { StepRecord } from '../contracts/plan.ts';
import { readAt } from './call.ts';
import { type ChangeArgs, perform } from './perform.ts';
import { required } from './prepare.ts';
import { worker } from './proxies.ts';
import { type CheckResult, verifyAll, violations } from './verify.ts';
import { tellThatItWaits } from './waits.ts';

export function emptyRecord(args: ChangeArgs, stepId: string): StepRecord {
  return {
    planId: args.planId,
    stepId,
    state: 'pending',
    before: null,
    output: null,
    verification: null,
    rollbackOutput: null,
    rollbackVerification: null,
    reason: null,
  };
}

/** Where the way back waits for people, they may have gone it themselves: a request that they closed is left alone. */
function undoneByPeople([first]: readonly Check[], state: ToolAnswer): boolean {
  return first !== undefined && isPatient(first) && violations(state, first.expect).length === 0;
}

async function compensateVerified(
  args: ChangeArgs,
  step: StepRun,
  rollback: NonNullable<StepRun['rollback']>,
  record: StepRecord,
): Promise<{ output: string | null; checked: CheckResult }> {
  const none = (reason: string) => ({ output: null, checked: { kind: 'failed', observation: null, reason } as const });
  const state = await readAt({ incidentId: args.incidentId, site: step.site, ...step.state });
  if (state.status === 'error') return none(`the state could not be read: ${state.message}`);
  // Of a write that was never seen to be there, its absence says nothing: it may still be under way.
  if (record.output !== null && undoneByPeople(rollback.verification, state)) {
    const checked = await verifyAll(args.incidentId, step.site, rollback.verification);
    return { output: state.observation, checked };
  }
  const via = await required(args.incidentId, step.site, rollback.call, 'render');
  const request = { ...args, stepId: step.id, direction: 'rollback' as const, state: state.observation, via, dryRun: null };
  const authorization = await worker.authorizeStep(request);
  if (authorization.kind === 'refused') return none(authorization.reason);
  const effect = await perform(args, step, authorization, 'rollback');
  if (effect.kind === 'there') await tellThatItWaits(args, step, 'rollback', effect.output);
  // An unclear answer of the compensation is settled by its verification, which reads the system.
  return {
    output: effect.kind === 'there' ? effect.output : state.observation,
    checked: await verifyAll(args.incidentId, step.site, rollback.verification),
  };
}

/** Undoes one step, with evidence of its own. Answers what is left wrong, or null. */
export async function compensate(args: ChangeArgs, step: StepRun, records: Map<string, StepRecord>): Promise<string | null> {
  const record = records.get(step.id) ?? emptyRecord(args, step.id);
  if (step.rollback === null) {
    const reason = `${step.operation} cannot be undone: ${step.noRollbackReason ?? 'no inverse'}`;
    await worker.recordStep({ ...record, state: 'not_reversible', reason });
    return reason;
  }
  const { output, checked } = await compensateVerified(args, step, step.rollback, record);
  if (checked.kind === 'held') {
    await worker.recordStep({ ...record, state: 'rolled_back', rollbackOutput: output, rollbackVerification: checked.observation });
    return null;
  }
  await worker.recordStep({
    ...record,
    state: 'rollback_failed',
    rollbackOutput: output,
    rollbackVerification: checked.observation,
    reason: checked.reason,
  });
  return `${step.operation}: ${checked.reason}`;
}
