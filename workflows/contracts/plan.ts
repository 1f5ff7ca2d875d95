import { z } from 'zod';
import { Check, Expectation, Impact, Instant, OperationCall, OperationName, Sha256, SiteName, Tier, Via } from '../../tools/contract.ts';

/** What a playbook proposes: registered operations only. Everything else of a step is derived from the registry. */
export const StepDraft = z.object({
  operation: OperationName,
  site: SiteName,
  input: z.record(z.string(), z.unknown()),
  /** Checks beyond those that the operation itself demands. */
  verification: z.array(Check),
  /** Checks of the way back, beyond what the operation itself demands. */
  undone: z.array(Check).optional(),
  /** What it reaches in the end, where the operation itself reaches less: a file that others deploy. */
  effect: Impact.optional(),
});
export type StepDraft = z.infer<typeof StepDraft>;

/** Which playbook file proposed a plan, exactly. */
export const Provenance = z.object({
  file: z.string(),
  origin: z.enum(['own', 'shipped']),
  /** Of the file. */
  sha256: Sha256,
  /** Hash of the set of playbooks that was in use. */
  set: Sha256,
  specificity: z.number().int().nonnegative(),
  /** Others that applied, and were less specific. */
  over: z.array(z.object({ playbook: z.string(), specificity: z.number().int().nonnegative() })),
});
export type Provenance = z.infer<typeof Provenance>;

export const PlanDraft = z.object({
  playbook: z.string(),
  goal: z.string().max(500),
  findings: z.array(z.string()).min(1),
  steps: z.array(StepDraft).min(1).max(20),
  /** Left out: no playbook did. */
  provenance: Provenance.optional(),
});
export type PlanDraft = z.infer<typeof PlanDraft>;

export const StepDryRun = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('shown'),
    observation: Sha256,
    /** Unified diff or rendered object, redacted. */ diff: z.string(),
    /** SHA-256 of the normalised dry run (without managedFields, status, resourceVersion). */ digest: Sha256,
  }),
  z.object({ kind: z.literal('none'), reason: z.string() }),
]);

export const StepRollback = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('operation'),
    call: OperationCall,
    /** Checks after the compensation. */ verification: z.array(Check).min(1),
    /** What the compensation would execute. */ via: Via,
  }),
  z.object({ kind: z.literal('none'), reason: z.string() }),
]);

/** `apart`: it contradicts nothing that Git says; `unknown`: the state of its target does not say. */
export const Ownership = z.object({ kind: z.enum(['apart', 'none', 'git', 'unknown']), by: z.string().nullable() });
export type Ownership = z.infer<typeof Ownership>;

/** What a person approves: exactly this. */
export const Step = z.object({
  id: z.string(),
  operation: OperationName,
  site: SiteName,
  input: z.record(z.string(), z.unknown()),
  tier: Tier.exclude(['read']),
  summary: z.string(),
  /** Resolved command line or HTTP request, with the hash of its standard input or body. */
  via: Via,
  state: OperationCall,
  /** Observation of the state at planning time: the evidence before. */
  before: Sha256,
  /** UID, generation and the like at planning time. */
  preconditions: z.array(Expectation),
  probe: z.array(Expectation).min(1),
  /** How much it changes; null: the plan was made before that was worked out. */
  impact: Impact.nullable().default(null),
  /** Whether Git would undo it; null: the plan was made before that was worked out, which policy refuses. */
  ownership: Ownership.nullable().default(null),
  dryRun: StepDryRun,
  verification: z.array(Check).min(1),
  rollback: StepRollback,
});
export type Step = z.infer<typeof Step>;

export const PlanState = z.enum([
  'pending',
  'approved',
  'rejected',
  'changes_requested',
  'expired',
  'superseded',
  'cancelled',
  'executing',
  'done',
  'rolled_back',
  'failed',
  /** Nothing was changed, because what was approved did not hold any more. */
  'stopped',
]);
export type PlanState = z.infer<typeof PlanState>;

export const ApprovalNeed = z.object({
  /** 0: runs automatically. */
  needed: z.number().int().nonnegative(),
  /** A vote counts when its person has one of these roles. */
  roles: z.array(z.string()),
  excludeRequester: z.boolean(),
  /** At least so many of the votes that count come from each group. */
  groups: z.array(z.object({ group: z.string(), needed: z.number().int().positive() })).default([]),
});
export type ApprovalNeed = z.infer<typeof ApprovalNeed>;

/** Immutable; identified by its request hash (trust.md 1.1). */
export const Plan = z.object({
  id: z.string(),
  incidentId: z.string(),
  playbook: z.string(),
  /** Null: no playbook proposed it, or it was made before that was kept. */
  provenance: Provenance.nullable().default(null),
  goal: z.string(),
  findings: z.array(z.string()),
  steps: z.array(Step).min(1),
  /** Highest tier of its steps. */
  tier: Tier,
  approval: ApprovalNeed,
  /** Policy's reasons in plain words. */
  reasons: z.array(z.string()),
  policyBundle: Sha256,
  redactionVersion: z.string(),
  nonce: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
});
export type Plan = z.infer<typeof Plan>;

export const Verdict = z.enum(['approve', 'reject', 'request_changes']);
export type Verdict = z.infer<typeof Verdict>;

export const VoteChannel = z.enum(['slack', 'linear', 'api', 'cli', 'web']);

/** Where in Slack it was cast: in the incident's own thread, in a direct message, on the app's Home, or none of these. */
export const VotePlace = z.enum(['thread', 'direct', 'home', 'elsewhere']);
export type VotePlace = z.infer<typeof VotePlace>;

export const Vote = z.object({
  id: z.string(),
  planId: z.string(),
  requestHash: Sha256,
  person: z.string(),
  channel: VoteChannel,
  /** What was not said in the incident's thread is said there before anything runs. */
  place: VotePlace,
  verdict: Verdict,
  reason: z.string().nullable(),
  createdAt: Instant,
});
export type Vote = z.infer<typeof Vote>;

/** A person took a request upon themselves: it runs without its quorum until `until`, at most an hour after `at`. */
export const BreakGlass = z.object({ person: z.string(), reason: z.string(), at: Instant, until: Instant });
export type BreakGlass = z.infer<typeof BreakGlass>;

export const StepState = z.enum(['pending', 'running', 'done', 'failed', 'rolled_back', 'rollback_failed', 'not_reversible', 'skipped']);
export type StepState = z.infer<typeof StepState>;

/** What happened to a step. `done` needs all three observations; the database refuses it otherwise. */
export const StepRecord = z.object({
  planId: z.string(),
  stepId: z.string(),
  state: StepState,
  before: Sha256.nullable(),
  output: Sha256.nullable(),
  verification: Sha256.nullable(),
  rollbackOutput: Sha256.nullable(),
  rollbackVerification: Sha256.nullable(),
  /** Why it failed, in words. */
  reason: z.string().nullable(),
});
export type StepRecord = z.infer<typeof StepRecord>;
