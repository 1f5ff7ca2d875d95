import { z } from 'zod';
import { OperationName, Sha256, SiteName, Tier } from '../tools/contract.ts';

export const Role = z.enum(['viewer', 'responder', 'approver', 'admin']);
export type Role = z.infer<typeof Role>;

const Person = z.string().min(1).max(200);
const Roles = z.array(z.string().max(50)).max(20);
/** Milliseconds since the epoch. */
const Milliseconds = z.number().int().nonnegative();
const Count = z.number().int().nonnegative();

const Site = z.strictObject({ name: SiteName, environment: z.string().max(100) });

/** Minutes of the UTC day, end exclusive, on the named days (0: Sunday). */
const AutonomyWindow = z
  .strictObject({
    days: z.array(z.number().int().min(0).max(6)).min(1),
    fromMinute: z.number().int().min(0).max(1439),
    toMinute: z.number().int().min(1).max(1440),
  })
  .refine((window) => window.fromMinute < window.toMinute, 'a window ends after it starts, on the same day');

const target = {
  operation: z.union([OperationName, z.literal('*')]).optional(),
  site: z.union([SiteName, z.literal('*')]).optional(),
  environment: z.string().max(100).optional(),
  tier: z.union([Tier, z.literal('*')]).optional(),
  windows: z.array(AutonomyWindow).max(50).optional(),
};

/**
 * One rule of the configuration. What it leaves out, or names `*`, it matches; `tier` is the tier that a step counts as. `automatic`
 * moves tier low only; `require` asks for at least so many approvals.
 */
export const AutonomyRule = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('deny'), ...target }),
  z.strictObject({ mode: z.literal('automatic'), ...target }),
  z.strictObject({ mode: z.literal('require'), needed: z.number().int().min(1).max(20), ...target }),
]);
export type AutonomyRule = z.infer<typeof AutonomyRule>;

export const Autonomy = z.strictObject({ rules: z.array(AutonomyRule).max(500) });
export type Autonomy = z.infer<typeof Autonomy>;

/** A step as policy sees it; `tier` is the registry's. */
export const PolicyStep = z.strictObject({
  id: z.string().min(1).max(100),
  operation: z.string().max(200),
  /** Whether the operation is in the registry. */
  known: z.boolean(),
  tier: z.string().max(20),
  site: Site,
  namespace: z.string().max(253).nullable(),
  /** How many things the step changes. */
  targetCount: Count,
  hasDryRun: z.boolean(),
  reversible: z.boolean(),
});
export type PolicyStep = z.infer<typeof PolicyStep>;

/** `name` is shown in reasons; sites `['*']` are all. From `fromMs` on, before `toMs`. */
export const Freeze = z.strictObject({
  name: z.string().max(200),
  sites: z.array(z.string()).max(100),
  fromMs: Milliseconds,
  toMs: Milliseconds,
});
export type Freeze = z.infer<typeof Freeze>;

const planFields = {
  nowMs: Milliseconds,
  /** Null where nobody asked (webhooks). */
  requester: Person.nullable(),
  steps: z.array(PolicyStep).max(100),
  autonomy: Autonomy,
  budgets: z.strictObject({ stepsPerPlan: Count, targetsPerStep: Count, writesPerHour: Count }),
  usage: z.strictObject({ writesLastHour: Count }),
  freezes: z.array(Freeze).max(500),
};

export const PolicyApprovals = z.strictObject({
  /** 0: none. */
  needed: Count,
  /** An approval counts when its person has one of these roles. */
  roles: Roles,
  excludeRequester: z.boolean(),
});
export type PolicyApprovals = z.infer<typeof PolicyApprovals>;

const Verdict = z.enum(['approve', 'reject', 'request_changes']);

const subjectFlags = { foreignTeam: z.boolean(), guest: z.boolean(), bot: z.boolean(), deactivated: z.boolean() };

/** May this read operation run? A person of null without a service token is the assistant itself, after a webhook. */
export const ReadQuestion = z.strictObject({
  question: z.literal('read'),
  nowMs: Milliseconds,
  operation: z.strictObject({ name: z.string().max(200), tier: z.string().max(20) }),
  site: Site,
  subject: z.strictObject({ person: Person.nullable(), roles: Roles, serviceToken: z.boolean() }),
  autonomy: Autonomy.default({ rules: [] }),
});

/** May this person open an incident? */
export const AskQuestion = z.strictObject({
  question: z.literal('ask'),
  nowMs: Milliseconds,
  subject: z.strictObject({ person: Person.nullable(), roles: Roles, team: z.string().max(200).nullable(), ...subjectFlags }),
});

/** What does this plan need? */
export const PlanQuestion = z.strictObject({ question: z.literal('plan'), ...planFields });

/** May this vote be recorded? A recorded vote counts. `approvals` and `tier` are those of the request. */
export const VoteQuestion = z.strictObject({
  question: z.literal('vote'),
  nowMs: Milliseconds,
  subject: z.strictObject({ person: Person.nullable(), roles: Roles, serviceToken: z.boolean(), ...subjectFlags }),
  requester: Person.nullable(),
  approvals: PolicyApprovals,
  tier: z.string().max(20),
  verdict: Verdict,
  expiresMs: Milliseconds,
});

/** May this step run now? `steps` holds that one step; `roles` of votes are those that the people have now (none once deactivated). */
export const ExecuteQuestion = z.strictObject({
  question: z.literal('execute'),
  ...planFields,
  votes: z.array(z.strictObject({ person: Person, roles: Roles, verdict: Verdict })).max(500),
  /** The need as decided when approval was asked: it may grow, never shrink. */
  approved: PolicyApprovals,
  /** Bundle that decided then. */
  approvedBundle: Sha256,
  requestHashMatches: z.boolean(),
  expiresMs: Milliseconds,
});

export const PolicyInput = z.discriminatedUnion('question', [ReadQuestion, AskQuestion, PlanQuestion, VoteQuestion, ExecuteQuestion]);
export type PolicyInput = z.input<typeof PolicyInput>;

/** Stable id of a rule, e.g. `freeze.active`. */
const RuleId = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/);

export const PolicyDecision = z
  .strictObject({
    verdict: z.enum(['allow', 'deny', 'needs_approval']),
    /** Plain words, for people. */
    reasons: z.array(z.string()).min(1),
    /** Which rule gives the reason at the same place; a rule that fires for several steps is named for each. */
    rules: z.array(RuleId),
    approvals: PolicyApprovals,
    /** Highest of the steps as they count; `high` where that is unknown. */
    tier: Tier,
  })
  .refine(({ reasons, rules }) => reasons.length === rules.length, 'every reason has its rule');
export type PolicyDecision = z.infer<typeof PolicyDecision>;
