import { z } from 'zod';
import { EvidenceEdge } from '../../workflows/contracts/finding.ts';
import { Outcome } from '../../workflows/contracts/incident.ts';
import { PlanState, StepState, Verdict } from '../../workflows/contracts/plan.ts';

/** Something that was measured against a limit. */
const Measure = z.object({
  title: z.string(),
  limit: z.number(),
  /** Farthest from the limit, of what broke it. */
  worst: z.number(),
  /** The observation of it. */
  observation: z.string(),
  from: z.string(),
  /** Null: it was not seen within its limit again. */
  to: z.string().nullable(),
});
export type Measure = z.infer<typeof Measure>;

/** As far as alerts and metrics show it: it may have begun before somebody looked. */
export const Impact = z.object({ from: z.string(), to: z.string().nullable(), alerts: z.number().int(), measures: z.array(Measure) });
export type Impact = z.infer<typeof Impact>;

const Cause = z.object({
  finding: z.string(),
  title: z.string(),
  mechanism: z.string(),
  confidence: z.number(),
  refutedBy: z.string(),
  evidence: z.array(EvidenceEdge),
});
export type Cause = z.infer<typeof Cause>;

const DoneStep = z.object({
  summary: z.string(),
  operation: z.string(),
  site: z.string(),
  state: StepState,
  reason: z.string().nullable(),
  before: z.string().nullable(),
  output: z.string().nullable(),
  verification: z.string().nullable(),
  rollbackVerification: z.string().nullable(),
});

const DonePlan = z.object({
  plan: z.string(),
  goal: z.string(),
  state: PlanState,
  votes: z.array(z.object({ person: z.string(), verdict: Verdict, channel: z.string(), at: z.string(), reason: z.string().nullable() })),
  breakGlass: z.object({ person: z.string(), reason: z.string(), at: z.string() }).nullable(),
  steps: z.array(DoneStep),
});
export type DonePlan = z.infer<typeof DonePlan>;

/** `key` is the same for the same thing of an incident. */
const FollowUp = z.object({ key: z.string(), title: z.string(), why: z.string() });
export type FollowUp = z.infer<typeof FollowUp>;

/** What the record says of an incident. What people learnt from it is theirs to write. */
export const Postmortem = z.object({
  incident: z.string(),
  title: z.string(),
  outcome: Outcome.nullable(),
  summary: z.string().nullable(),
  service: z.string().nullable(),
  openedBy: z.string().nullable(),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  /** Seconds from the opening; null: it did not come to that. */
  seconds: z.object({ toPlan: z.number().nullable(), toDecision: z.number().nullable(), toEnd: z.number().nullable() }),
  /** Null: neither an alert nor a metric shows any. */
  impact: Impact.nullable(),
  causes: z.array(Cause),
  plans: z.array(DonePlan),
  worked: z.array(z.string()),
  didNotWork: z.array(z.string()),
  followUps: z.array(FollowUp),
  timeline: z.array(z.object({ at: z.string(), what: z.string(), detail: z.string() })),
});
export type Postmortem = z.infer<typeof Postmortem>;
