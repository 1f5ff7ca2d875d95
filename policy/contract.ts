import { z } from 'zod';
import { Sha256, Tier } from '../tools/contract.ts';
import { BreakGlass, BreakGlassSettings, CountedVotes, PolicyApprovals, Verdict } from './contract/approvals.ts';
import { Autonomy } from './contract/autonomy.ts';
import { CoRequesters, Count, Groups, Milliseconds, Namespace, PersonId, Roles, ServiceName, Site, Voter } from './contract/basics.ts';
import { Clocks } from './contract/calendar.ts';
import { DataClass, EgressRule, Provider } from './contract/egress.ts';
import { planFields } from './contract/steps.ts';

const PolicyTier = z.string().max(20);

/** May this read operation run? A person of null without a service token is the assistant itself, after a webhook. */
export const ReadQuestion = z.strictObject({
  question: z.literal('read'),
  nowMs: Milliseconds,
  operation: z.strictObject({ name: z.string().max(200), tier: PolicyTier }),
  site: Site,
  namespace: Namespace.nullable().default(null),
  service: ServiceName.nullable().default(null),
  subject: z.strictObject({ person: PersonId.nullable(), roles: Roles, groups: Groups, serviceToken: z.boolean() }),
  autonomy: Autonomy.default({ rules: [] }),
  clocks: Clocks.default({}),
});

/** May this person open an incident? */
export const AskQuestion = z.strictObject({
  question: z.literal('ask'),
  nowMs: Milliseconds,
  subject: Voter.omit({ serviceToken: true }).extend({ team: z.string().max(200).nullable() }),
});

/** What does this plan need? */
export const PlanQuestion = z.strictObject({
  question: z.literal('plan'),
  ...planFields,
  /** As configured now; null: off. */
  breakGlassSettings: BreakGlassSettings.nullable(),
});

/** May this vote be recorded? A recorded vote counts. `approvals` and `tier` are those of the request. */
export const VoteQuestion = z.strictObject({
  question: z.literal('vote'),
  nowMs: Milliseconds,
  subject: Voter,
  requester: PersonId.nullable(),
  requesters: CoRequesters,
  approvals: PolicyApprovals,
  tier: PolicyTier,
  verdict: Verdict,
  expiresMs: Milliseconds,
});

/** Do these votes decide the request? `allow`: it is approved; `needs_approval`: not yet; `deny`: never. `approvals` and `tier` are those of the request. */
export const TallyQuestion = z.strictObject({
  question: z.literal('tally'),
  nowMs: Milliseconds,
  votes: CountedVotes,
  requester: PersonId.nullable(),
  requesters: CoRequesters,
  approvals: PolicyApprovals,
  tier: PolicyTier,
  expiresMs: Milliseconds,
});

/** May this step run now? `steps` holds that one step. */
export const ExecuteQuestion = z.strictObject({
  question: z.literal('execute'),
  ...planFields,
  votes: CountedVotes,
  /** The need as decided when approval was asked: it may grow, never shrink. */
  approved: PolicyApprovals,
  /** Bundle that decided then. */
  approvedBundle: Sha256,
  requestHashMatches: z.boolean(),
  expiresMs: Milliseconds,
  /** Stands in for the quorum while it lasts, and for nothing else. */
  breakGlass: BreakGlass.nullable(),
  /** As configured now; null: off. */
  breakGlassSettings: BreakGlassSettings.nullable(),
});

/** May this person run the request without its quorum, for so many minutes from now? `loginMs`: when they last proved who they are (OIDC). */
export const BreakGlassQuestion = z.strictObject({
  question: z.literal('break_glass'),
  nowMs: Milliseconds,
  subject: Voter,
  loginMs: Milliseconds.nullable(),
  reason: z.string().max(10_000),
  requester: PersonId.nullable(),
  tier: PolicyTier,
  minutes: Count,
  /** Null: off. */
  settings: BreakGlassSettings.nullable(),
});

/** May text of this class go to this provider of language models? */
export const EgressQuestion = z.strictObject({
  question: z.literal('llm_egress'),
  nowMs: Milliseconds,
  provider: Provider,
  dataClass: DataClass,
  rules: z.array(EgressRule).max(100),
});

export const PolicyInput = z.discriminatedUnion('question', [
  ReadQuestion,
  AskQuestion,
  PlanQuestion,
  VoteQuestion,
  TallyQuestion,
  ExecuteQuestion,
  BreakGlassQuestion,
  EgressQuestion,
]);
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
