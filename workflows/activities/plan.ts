import { randomBytes } from 'node:crypto';
import { contentHash } from '../../tools/canonical.ts';
import { type Check, type Expectation, type Impact, type OperationCall, Via } from '../../tools/contract.ts';
import { isPatient } from '../../tools/expect.ts';
import type { AnyOperation, WriteOperation } from '../../tools/operation.ts';
import type { Assembled, PlannedFor, StepDerived, StepNeeds, StepParts } from '../contracts/activities.ts';
import type { Ownership, Plan, PlanDraft, Step, StepDraft } from '../contracts/plan.ts';
import { decided } from '../decided.ts';
import { PlanInvalid } from '../errors.ts';
import { requestHash } from '../request-hash.ts';
import type { Deps } from './deps.ts';
import { describeDryRun } from './dry-run.ts';
import { judgePlan } from './judge.ts';

// biome-ignore lint/suspicious/noExplicitAny: the registry's zod types check input and state at this edge.
type AnyWrite = WriteOperation<any, any, any>;

function isWrite(operation: AnyOperation | undefined): operation is AnyWrite {
  return operation?.kind === 'write';
}

/** The registered write with its input in the registry's form. Throws PlanInvalid. */
export function resolveWrite(deps: Pick<Deps, 'registry'>, draft: StepDraft): { operation: AnyWrite; input: Record<string, unknown> } {
  const operation = deps.registry.get(draft.operation);
  if (!isWrite(operation)) throw new PlanInvalid(`${draft.operation} is not a registered write`);
  const input = operation.input.safeParse(draft.input);
  if (!input.success) throw new PlanInvalid(`${draft.operation}: the input is not valid`, { cause: input.error });
  return { operation, input: input.data as Record<string, unknown> };
}

/** The typed state of an observation. Throws PlanInvalid when the observation is of something else. */
export async function loadState(
  deps: Pick<Deps, 'observations'>,
  operation: AnyWrite,
  expected: OperationCall & { readonly site: string },
  observationId: string,
): Promise<unknown> {
  const observation = await deps.observations.get(observationId);
  const same = observation.operation === expected.operation && observation.site === expected.site && observation.mode === 'run';
  if (!same || observation.status !== 'ok' || contentHash(observation.input) !== contentHash(expected.input))
    throw new PlanInvalid(`observation ${observationId} is no state of ${operation.name}`);
  const state = operation.stateOutput.safeParse(observation.output);
  if (!state.success) throw new PlanInvalid(`the state of ${operation.name} has another shape`, { cause: state.error });
  return state.data;
}

/** Inputs that the plan itself completes: whose step it is, and what led to it. */
async function completed(deps: Deps, draft: PlanDraft, { incidentId, planId }: PlannedFor): Promise<PlanDraft> {
  const completes = (step: StepDraft) => {
    const operation = deps.registry.get(step.operation);
    return isWrite(operation) ? operation.planned : undefined;
  };
  if (!draft.steps.some(completes)) return draft;
  const findings = await deps.findings.listForIncident(incidentId);
  const titles = findings.filter(({ id }) => draft.findings.includes(id)).map(({ title }) => title);
  const where = [deps.addresses?.incident(incidentId), deps.addresses?.plan(planId)].filter((address) => typeof address === 'string');
  const evidence = [`Incident ${incidentId}`, ...where, draft.goal, ...titles];
  const steps = draft.steps.map((step, index) => {
    const complete = completes(step);
    if (complete === undefined) return step;
    return { ...step, input: complete(step.input, { plan: planId, step: stepIdOf(index), evidence }) };
  });
  return { ...draft, steps };
}

const stepIdOf = (position: number): string => `s${position + 1}`;

function stepNeeds(deps: Deps, draft: PlanDraft): StepNeeds[] {
  const needs = draft.steps.map((step) => {
    const { operation, input } = resolveWrite(deps, step);
    return { site: step.site, state: operation.state(input) };
  });
  const targets = needs.map((need) => JSON.stringify([need.site, need.state]));
  // A second step on the same target would fail its own precondition, which the first one changes.
  if (new Set(targets).size !== targets.length) throw new PlanInvalid('two steps of the plan change the same target');
  return needs;
}

async function deriveStep(deps: Deps, draft: StepDraft, stateId: string): Promise<StepDerived> {
  const { operation, input } = resolveWrite(deps, draft);
  const before = await loadState(deps, operation, { ...operation.state(input), site: draft.site }, stateId);
  const rollback = operation.rollback?.(input, before) ?? null;
  return {
    operation: operation.name,
    input,
    site: draft.site,
    hasDryRun: operation.dryRun !== undefined,
    comparison: operation.comparison?.(input, before) ?? null,
    rollback,
  };
}

async function viaOf(deps: Deps, observationId: string): Promise<Via> {
  return Via.parse((await deps.observations.get(observationId)).output);
}

/** Seconds that a compensation may take to show, and must hold. */
const undoneWithin = 120;
const undoneStable = 2;

/** The target as it was. As it was may have been broken, so nothing more is asked of it; what waits for people says itself how long. */
function undoneChecks({ operation, input }: ReturnType<typeof resolveWrite>, before: unknown): Check[] {
  const own = operation.verification(input, before);
  if (own.some(isPatient)) return [...own];
  return [
    {
      ...operation.state(input),
      title: 'The target is as it was before',
      expect: [...operation.probe(input, before)],
      withinSeconds: undoneWithin,
      stableSeconds: undoneStable,
    },
  ];
}

/** The way back, and what shows that it was gone. */
async function rollbackOf(
  deps: Deps,
  operation: AnyWrite,
  input: unknown,
  before: unknown,
  { viaId, further }: { readonly viaId: string | null; readonly further: readonly Check[] },
): Promise<Step['rollback']> {
  if (operation.rollback === undefined || viaId === null)
    return { kind: 'none', reason: operation.irreversibleReason ?? 'the operation has no inverse' };
  const call = operation.rollback(input, before);
  const inverse = resolveWrite(deps, { ...call, site: 'unused', verification: [] });
  return {
    kind: 'operation',
    call: { operation: call.operation, input: inverse.input },
    verification: [...undoneChecks(inverse, before), ...further],
    via: await viaOf(deps, viaId),
  };
}

function ownershipOf({ gitOwner }: AnyWrite, before: unknown): Ownership {
  if (gitOwner === undefined) return { kind: 'apart', by: null };
  const by = gitOwner(before);
  if (by === undefined) return { kind: 'unknown', by: null };
  return { kind: by === null ? 'none' : 'git', by };
}

function reached(own: Impact, effect: Impact | undefined): Impact {
  if (effect === undefined) return own;
  return {
    targets: Math.max(own.targets, effect.targets),
    replicas: Math.max(own.replicas, effect.replicas),
    percent: Math.max(own.percent, effect.percent),
  };
}

async function buildStep(deps: Deps, draft: StepDraft, parts: StepParts, position: number): Promise<Step> {
  const { operation, input } = resolveWrite(deps, draft);
  const state = operation.state(input);
  const before = await loadState(deps, operation, { ...state, site: draft.site }, parts.state);
  const [via, rollback, dryRun] = await Promise.all([
    viaOf(deps, parts.via),
    rollbackOf(deps, operation, input, before, { viaId: parts.rollbackVia, further: draft.undone ?? [] }),
    describeDryRun(deps.observations, parts.dryRun, operation.noDryRunReason),
  ]);
  return {
    id: stepIdOf(position),
    operation: operation.name,
    site: draft.site,
    input,
    tier: operation.tier,
    summary: operation.summary,
    via,
    state,
    before: parts.state,
    preconditions: [...operation.preconditions(input, before)] as Expectation[],
    probe: [...operation.probe(input, before)],
    impact: reached(operation.impact(input, before), draft.effect),
    ownership: ownershipOf(operation, before),
    dryRun,
    verification: [...operation.verification(input, before), ...draft.verification],
    rollback,
  };
}

async function approveAutomatically({ plans }: Deps, planId: string): Promise<void> {
  await plans.settle(planId, { kind: 'automatic' }, 'policy allows it without approval');
}

/** A retried activity answers with what it stored before. */
async function planned(deps: Deps, planId: string): Promise<Assembled | null> {
  try {
    const { plan, state } = await deps.plans.get(planId);
    if (plan.approval.needed === 0 && state === 'pending') await approveAutomatically(deps, planId);
    return { kind: 'planned', planId, automatic: plan.approval.needed === 0, expiresAt: plan.expiresAt };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'not_found') return null;
    throw error;
  }
}

async function assemblePlan(
  deps: Deps,
  incidentId: string,
  planId: string,
  draft: PlanDraft,
  parts: readonly StepParts[],
): Promise<Assembled> {
  const before = await planned(deps, planId);
  if (before !== null) return before;
  const steps = await Promise.all(
    draft.steps.map((step, index) => {
      const part = parts[index];
      if (part === undefined) throw new PlanInvalid('a step has no parts');
      return buildStep(deps, step, part, index);
    }),
  );
  const incident = await deps.incidents.get(incidentId);
  const judged = await judgePlan(deps, incident, steps);
  if (judged.decision.verdict === 'deny') {
    await deps.decisions.record([decided(judged, { incidentId })]);
    return { kind: 'denied', by: 'policy', reasons: judged.decision.reasons };
  }
  const created = deps.now();
  const plan: Plan = {
    id: planId,
    incidentId,
    playbook: draft.playbook,
    provenance: draft.provenance ?? null,
    goal: draft.goal,
    findings: draft.findings,
    steps,
    tier: judged.decision.tier,
    approval: judged.decision.approvals,
    reasons: judged.decision.reasons,
    policyBundle: judged.bundle,
    redactionVersion: deps.redactionVersion,
    nonce: randomBytes(16).toString('hex'),
    createdAt: created.toISOString(),
    expiresAt: new Date(created.getTime() + deps.autonomy.approvalMinutes * 60_000).toISOString(),
  };
  await deps.plans.save(plan, requestHash(plan), decided(judged, { incidentId, planId }));
  const automatic = judged.decision.verdict === 'allow';
  if (automatic) await approveAutomatically(deps, planId);
  return { kind: 'planned', planId, automatic, expiresAt: plan.expiresAt };
}

export function createPlanActivities(deps: Deps) {
  return {
    stepNeeds: async (draft: PlanDraft, planned: PlannedFor) => stepNeeds(deps, await completed(deps, draft, planned)),
    async deriveSteps(draft: PlanDraft, states: readonly string[], planned: PlannedFor) {
      const { steps } = await completed(deps, draft, planned);
      return await Promise.all(steps.map((step, index) => deriveStep(deps, step, states[index] ?? '')));
    },
    assemblePlan: async (incidentId: string, planId: string, draft: PlanDraft, parts: readonly StepParts[]) =>
      assemblePlan(deps, incidentId, planId, await completed(deps, draft, { incidentId, planId }), parts),
  };
}
