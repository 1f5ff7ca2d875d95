import { z } from 'zod';
import { Check, OperationName, Sha256, SiteName, Tier } from '../../tools/contract.ts';
import { type Incident, IncidentState, Outcome } from '../../workflows/contracts/incident.ts';
import {
  ApprovalNeed,
  BreakGlass,
  PlanState,
  type Step,
  StepDryRun,
  StepRollback,
  StepState,
  Verdict,
  VoteChannel,
} from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { Actor, type AuditEntry } from '../store/audit.ts';

export const IncidentAnswer = z.object({
  id: z.string(),
  title: z.string(),
  state: IncidentState,
  outcome: Outcome.nullable(),
  summary: z.string().nullable(),
  planIds: z.array(z.string()),
  slack: z.object({ channel: z.string(), threadTs: z.string() }).nullable(),
  service: z.string().nullable(),
  site: z.string().nullable(),
  requester: z.string().nullable(),
  createdAt: z.string(),
  closedAt: z.string().nullable(),
});
export type IncidentAnswer = z.infer<typeof IncidentAnswer>;

export function incidentAnswer(incident: Incident, planIds: readonly string[], summary: string | null): IncidentAnswer {
  const { id, title, state, outcome, service, site, requester, createdAt, closedAt } = incident;
  const slack = incident.slack === null ? null : { channel: incident.slack.channel, threadTs: incident.slack.threadTs };
  return { id, title, state, outcome, summary, planIds: [...planIds], slack, service, site, requester, createdAt, closedAt };
}

const StepAnswer = z.object({
  id: z.string(),
  operation: OperationName,
  site: SiteName,
  input: z.record(z.string(), z.unknown()),
  tier: Tier,
  summary: z.string(),
  /** Command line, or method and URL. */
  argv: z.array(z.string()),
  dryRun: StepDryRun,
  verification: z.array(Check),
  rollback: StepRollback,
  state: StepState,
  reason: z.string().nullable(),
});

const VoteAnswer = z.object({
  person: z.string(),
  verdict: Verdict,
  channel: VoteChannel,
  reason: z.string().nullable(),
  createdAt: z.string(),
});

export const PlanAnswer = z.object({
  id: z.string(),
  incidentId: z.string(),
  state: PlanState,
  requestHash: Sha256,
  goal: z.string(),
  tier: Tier,
  reasons: z.array(z.string()),
  steps: z.array(StepAnswer),
  approvals: ApprovalNeed.omit({ excludeRequester: true }).extend({ votes: z.array(VoteAnswer) }),
  /** Null: nobody took it upon themselves to run it without its quorum. */
  breakGlass: BreakGlass.nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

function argvOf(via: Step['via']): string[] {
  return via.kind === 'cli' ? [via.binary, ...via.argv] : [via.method, via.url];
}

export function planAnswer(stored: StoredPlan): PlanAnswer {
  const { plan, state, requestHash } = stored;
  const records = new Map(stored.steps.map((record) => [record.stepId, record]));
  const steps = plan.steps.map(({ id, operation, site, input, tier, summary, via, dryRun, verification, rollback }) => {
    const record = records.get(id);
    return {
      id,
      operation,
      site,
      input,
      tier,
      summary,
      argv: argvOf(via),
      dryRun,
      verification,
      rollback,
      state: record?.state ?? ('pending' as const),
      reason: record?.reason ?? null,
    };
  });
  const votes = stored.votes.map(({ person, verdict, channel, reason, createdAt }) => ({ person, verdict, channel, reason, createdAt }));
  const { id, incidentId, goal, tier, reasons, createdAt, expiresAt } = plan;
  return {
    id,
    incidentId,
    state,
    requestHash,
    goal,
    tier,
    reasons,
    steps,
    approvals: { needed: plan.approval.needed, roles: plan.approval.roles, groups: plan.approval.groups, votes },
    breakGlass: stored.breakGlass,
    createdAt,
    expiresAt,
  };
}

export const EntryAnswer = z.object({
  seq: z.number().int(),
  /** SHA-256(0x00 ‖ RFC 8785 form of `body`). */
  leaf: Sha256,
  body: z.object({
    version: z.literal(1),
    id: z.string(),
    at: z.string(),
    kind: z.string(),
    actor: Actor,
    incidentId: z.string().nullable(),
    planId: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  }),
});

/** A place in a list: opaque to callers. */
export const Cursor = z.string().max(100).optional();
export const Limit = z.coerce.number().int().min(1).max(200).default(50);

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), /** Send as `cursor` for what follows; null at the end. */ next: z.string().nullable() });
}

/** `entries` were read with `limit`. */
export function entryPage(entries: readonly AuditEntry[], limit: number) {
  const last = entries.at(-1);
  return { items: [...entries], next: last !== undefined && entries.length === limit ? String(last.seq) : null };
}
