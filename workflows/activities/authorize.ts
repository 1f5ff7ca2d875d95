import { randomUUID } from 'node:crypto';
import { contentHash } from '../../tools/canonical.ts';
import { type Expectation, type GrantClaims, type ToolCall, Via } from '../../tools/contract.ts';
import { holds } from '../../tools/expect.ts';
import type { Authorization, AuthorizeRequest, DryRunParts } from '../contracts/activities.ts';
import type { Step } from '../contracts/plan.ts';
import { decided } from '../decided.ts';
import { PlanInvalid } from '../errors.ts';
import type { StoredPlan } from '../ports.ts';
import { requestHash } from '../request-hash.ts';
import type { Deps } from './deps.ts';
import { type Difference, lineDifference, patchDifference, stateDifference } from './difference.ts';
import { describeDryRun } from './dry-run.ts';
import { judgeStep } from './judge.ts';
import { loadState, resolveWrite } from './plan.ts';

/** Seconds; the contract allows at most 300. */
const grantSeconds = 120;

type Refusal = Extract<Authorization, { kind: 'refused' }>;

function refused(code: Refusal['code'], reason: string, difference: Difference = null): Refusal {
  return { kind: 'refused', code, reason, difference };
}

function findStep(stored: StoredPlan, stepId: string): Step {
  const step = stored.plan.steps.find((candidate) => candidate.id === stepId);
  if (step === undefined) throw new PlanInvalid(`plan ${stored.plan.id} has no step ${stepId}`);
  return step;
}

/** Whether the state that was read just now is as expected; null: it is. */
async function moved(deps: Deps, step: Step, expected: readonly Expectation[], stateId: string, words: string): Promise<Refusal | null> {
  const { operation } = resolveWrite(deps, { operation: step.operation, input: step.input, site: step.site, verification: [] });
  const state = await loadState(deps, operation, { ...step.state, site: step.site }, stateId);
  const wrong = expected.filter((expectation) => !holds(expectation, state));
  if (wrong.length === 0) return null;
  const { words: what, difference } = stateDifference(wrong, state);
  return refused('moved', `${words}: ${what}`, difference);
}

/** Whether the system would still do what was shown; null: it would. */
async function wouldDiffer(deps: Deps, step: Step, parts: DryRunParts | null): Promise<Refusal | null> {
  if (step.dryRun.kind === 'none') return null;
  const now = await describeDryRun(deps.observations, parts, 'it was not made again');
  if (now.kind === 'shown' && now.digest === step.dryRun.digest) return null;
  const shown = now.kind === 'shown' ? now.diff : '';
  return refused('moved', 'its dry run now differs from the one that was approved', patchDifference(step.dryRun.diff, shown));
}

/** Whether the site would run the very command line that was approved; null: it would. */
async function otherCommand(deps: Deps, approved: Via, viaId: string): Promise<Refusal | null> {
  const { output } = await deps.observations.get(viaId);
  const now = Via.safeParse(output);
  if (now.success && contentHash(now.data) === contentHash(approved)) return null;
  const difference = lineDifference([JSON.stringify(approved)], [now.success ? JSON.stringify(now.data) : 'nothing that can be read']);
  return refused('moved', 'the site would run another command line than the one that was approved', difference);
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
    registry: deps.registry.hash,
  };
  return { kind: 'granted', call, grantId: claims.jti };
}

/** Whether the target is as the step left it, in whole or where it failed; null: it is. */
async function notAsLeft(deps: Deps, step: Step, stateId: string): Promise<Refusal | null> {
  const refusal = await moved(deps, step, step.probe, stateId, 'the target is not as the step left it');
  if (refusal === null) return null;
  const { operation, input } = resolveWrite(deps, { operation: step.operation, input: step.input, site: step.site, verification: [] });
  if (operation.partly === undefined) return refusal;
  const before = await loadState(deps, operation, { ...step.state, site: step.site }, step.before);
  return (await moved(deps, step, operation.partly(input, before), stateId, '')) === null ? null : refusal;
}

/** A rollback is part of what was approved: it needs no second approval, but the target as the step left it, and the approved command. */
async function authorizeRollback(deps: Deps, stored: StoredPlan, step: Step, request: AuthorizeRequest): Promise<Authorization> {
  if (step.rollback.kind === 'none') return refused('policy', step.rollback.reason);
  return (
    (await notAsLeft(deps, step, request.state)) ??
    (await otherCommand(deps, step.rollback.via, request.via)) ??
    grantFor(deps, stored, step, request, deps.policy.bundle)
  );
}

/** The current policy with the votes as they are now: it may ask for more than was asked for, never for less. */
async function authorizeByPolicy(deps: Deps, stored: StoredPlan, step: Step, request: AuthorizeRequest): Promise<Authorization> {
  const incident = await deps.incidents.get(request.incidentId);
  const judged = await judgeStep(deps, incident, stored, step);
  const { decision, bundle, excluded } = judged;
  await deps.decisions.record([decided(judged, { incidentId: incident.id, planId: stored.plan.id, stepId: step.id })]);
  if (decision.verdict === 'allow') return grantFor(deps, stored, step, request, bundle);
  const reasons = [...decision.reasons, ...excluded];
  return refused('policy', `policy refuses it now: ${reasons.join('; ')}`, lineDifference(stored.plan.reasons, reasons));
}

/**
 * The last gate before a write: the hash recomputed from what is stored, the live state against the preconditions, the command line
 * and the dry run made again, the current policy.
 */
export async function authorizeStep(deps: Deps, request: AuthorizeRequest): Promise<Authorization> {
  const stored = await deps.plans.get(request.planId);
  const step = findStep(stored, request.stepId);
  if (requestHash(stored.plan) !== stored.requestHash) return refused('hash', 'the stored plan is not the one that was approved');
  if (stored.state !== 'executing') return refused('expired', `the plan is ${stored.state.replaceAll('_', ' ')}`);
  if (request.direction === 'rollback') return authorizeRollback(deps, stored, step, request);
  return (
    (await moved(deps, step, step.preconditions, request.state, 'the target changed since the approval')) ??
    (await otherCommand(deps, step.via, request.via)) ??
    (await wouldDiffer(deps, step, request.dryRun)) ??
    authorizeByPolicy(deps, stored, step, request)
  );
}
