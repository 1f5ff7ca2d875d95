import { randomUUID } from 'node:crypto';
import { contentHash } from '../../tools/canonical.ts';
import { type Expectation, type GrantClaims, type ToolCall, Via } from '../../tools/contract.ts';
import { explain, holds } from '../../tools/expect.ts';
import type { Authorization, AuthorizeRequest, Comparison, DryRunParts, StepRun } from '../contracts/activities.ts';
import type { Step, StepRecord } from '../contracts/plan.ts';
import { PlanInvalid } from '../errors.ts';
import type { StoredPlan } from '../ports.ts';
import { requestHash } from '../request-hash.ts';
import type { Deps } from './deps.ts';
import { describeDryRun } from './dry-run.ts';
import { judgeStep } from './judge.ts';
import { loadState, resolveWrite } from './plan.ts';

/** Seconds; the contract allows at most 300. */
const grantSeconds = 120;

function findStep(stored: StoredPlan, stepId: string): Step {
  const step = stored.plan.steps.find((candidate) => candidate.id === stepId);
  if (step === undefined) throw new PlanInvalid(`plan ${stored.plan.id} has no step ${stepId}`);
  return step;
}

function comparisonOf(deps: Deps, step: Step, before: unknown): Comparison | null {
  const { operation, input } = resolveWrite(deps, { ...step, verification: [] });
  return operation.comparison?.(input, before) ?? null;
}

/** The dry run is made again with the reads of the approval: those that the state at planning time led to. */
async function toRun(deps: Deps, step: Step): Promise<StepRun> {
  const { operation } = resolveWrite(deps, { ...step, verification: [] });
  const before = step.dryRun.kind === 'shown' ? await loadState(deps, operation, { ...step.state, site: step.site }, step.before) : null;
  return {
    id: step.id,
    site: step.site,
    operation: step.operation,
    input: step.input,
    state: step.state,
    dryRun: step.dryRun.kind === 'shown' ? { comparison: comparisonOf(deps, step, before) } : null,
    probe: step.probe,
    verification: step.verification,
    rollback: step.rollback.kind === 'operation' ? { call: step.rollback.call, verification: step.rollback.verification } : null,
    noRollbackReason: step.rollback.kind === 'none' ? step.rollback.reason : null,
  };
}

const refused = (code: 'moved' | 'policy' | 'hash' | 'expired', reason: string): Authorization => ({ kind: 'refused', code, reason });

/** What of the expectations does not hold of the state that was read just now, in words; null when all hold. */
async function violated(deps: Deps, step: Step, expected: readonly Expectation[], stateId: string): Promise<string | null> {
  const { operation } = resolveWrite(deps, { operation: step.operation, input: step.input, site: step.site, verification: [] });
  const state = await loadState(deps, operation, { ...step.state, site: step.site }, stateId);
  const wrong = expected.filter((expectation) => !holds(expectation, state)).map((expectation) => explain(expectation, state));
  return wrong.length === 0 ? null : wrong.join('; ');
}

/** Whether the system would still do what was shown. */
async function wouldDiffer(deps: Deps, step: Step, parts: DryRunParts | null): Promise<boolean> {
  if (step.dryRun.kind === 'none') return false;
  const now = await describeDryRun(deps.observations, parts, 'it was not made again');
  return now.kind === 'none' || now.digest !== step.dryRun.digest;
}

async function grantFor(
  deps: Deps,
  stored: StoredPlan,
  step: Step,
  request: AuthorizeRequest,
  policyBundle: string,
): Promise<Authorization> {
  const target =
    request.direction === 'forward' || step.rollback.kind === 'none'
      ? { operation: step.operation, input: step.input }
      : step.rollback.call;
  const seconds = Math.floor(deps.now().getTime() / 1_000);
  const claims: GrantClaims = {
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + grantSeconds,
    requestHash: stored.requestHash,
    planId: stored.plan.id,
    stepId: step.id,
    operation: target.operation,
    inputSha256: contentHash(target.input),
    site: step.site,
    policyBundle,
  };
  await deps.plans.issueGrant(claims);
  const grant = await deps.signGrant(claims);
  const call: ToolCall = {
    version: 1,
    callId: randomUUID(),
    incidentId: request.incidentId,
    site: step.site,
    ...target,
    mode: 'run',
    deadline: new Date((seconds + grantSeconds) * 1_000).toISOString(),
    grant,
  };
  return { kind: 'granted', call, grantId: claims.jti };
}

/** Whether the site would run the very command line that was approved. */
async function sameCommand(deps: Deps, approved: Via, viaId: string): Promise<boolean> {
  const { output } = await deps.observations.get(viaId);
  const now = Via.safeParse(output);
  return now.success && contentHash(now.data) === contentHash(approved);
}

const otherCommand = refused('moved', 'the site would run another command line than the one that was approved');

/** A rollback is part of what was approved: it needs no second approval, but the target as the step left it, and the approved command. */
async function authorizeRollback(deps: Deps, stored: StoredPlan, step: Step, request: AuthorizeRequest): Promise<Authorization> {
  if (step.rollback.kind === 'none') return refused('policy', step.rollback.reason);
  const difference = await violated(deps, step, step.probe, request.state);
  if (difference !== null) return refused('moved', `the target is not as the step left it: ${difference}`);
  if (!(await sameCommand(deps, step.rollback.via, request.via))) return otherCommand;
  return grantFor(deps, stored, step, request, deps.policy.bundle);
}

/**
 * The last gate before a write: the hash recomputed from what is stored, the live state against the preconditions, the current
 * policy with the votes as they are now.
 */
async function authorizeStep(deps: Deps, request: AuthorizeRequest): Promise<Authorization> {
  const stored = await deps.plans.get(request.planId);
  const step = findStep(stored, request.stepId);
  if (requestHash(stored.plan) !== stored.requestHash) return refused('hash', 'the stored plan is not the one that was approved');
  if (stored.state !== 'executing') return refused('expired', `the plan is ${stored.state.replaceAll('_', ' ')}`);
  if (request.direction === 'rollback') return authorizeRollback(deps, stored, step, request);
  const difference = await violated(deps, step, step.preconditions, request.state);
  if (difference !== null) return refused('moved', `the target changed since the approval: ${difference}`);
  if (!(await sameCommand(deps, step.via, request.via))) return otherCommand;
  if (await wouldDiffer(deps, step, request.dryRun)) return refused('moved', 'its dry run now differs from the one that was approved');
  const incident = await deps.incidents.get(request.incidentId);
  const judged = await judgeStep(deps, incident, stored, step);
  await deps.plans.recordDecision({
    incidentId: incident.id,
    planId: stored.plan.id,
    stepId: step.id,
    bundle: judged.bundle,
    input: judged.input,
    result: judged.decision,
  });
  if (judged.decision.verdict !== 'allow') return refused('policy', `policy refuses it now: ${judged.decision.reasons.join('; ')}`);
  return grantFor(deps, stored, step, request, judged.bundle);
}

export function createExecuteActivities(deps: Deps) {
  return {
    stepRuns: async (planId: string) => Promise.all((await deps.plans.get(planId)).plan.steps.map((step) => toRun(deps, step))),
    authorizeStep: (request: AuthorizeRequest) => authorizeStep(deps, request),
    burnGrant: (grantId: string) => deps.plans.burnGrant(grantId),
    recordStep: (record: StepRecord) => deps.plans.recordStep(record),
  };
}
