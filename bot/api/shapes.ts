import { z } from 'zod';
import { commandLines } from '../../blocks/command.ts';
import { Check, OperationName, Sha256, SiteName, Tier } from '../../tools/contract.ts';
import { type Incident, IncidentState, Outcome } from '../../workflows/contracts/incident.ts';
import {
  ApprovalNeed,
  BreakGlass,
  PlanState,
  Provenance,
  type Step,
  StepDryRun,
  StepRollback,
  StepState,
  Verdict,
  VoteChannel,
} from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import { Disclosure } from '../audit/commitment.ts';
import { AuditBody } from '../store/audit.ts';
import { type AuditPlace, placeOf, readEntry, type StoredEntry } from '../store/audit-list.ts';

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
  /** `model`: a language model drafted it. */
  playbook: z.string(),
  /** Which file of which set of playbooks proposed it; null: none did, or it was made before that was kept. */
  provenance: Provenance.nullable(),
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
  if (via.kind === 'sequence') return commandLines(via);
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
  const { id, incidentId, playbook, provenance, goal, tier, reasons, createdAt, expiresAt } = plan;
  return {
    id,
    incidentId,
    state,
    requestHash,
    playbook,
    provenance,
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
  /** Place in the log, from 1 without a gap; null for the second or so until it has one. */
  seq: z.number().int().nullable(),
  /** SHA-256(0x00 ‖ RFC 8785 form of `body`). */
  leaf: Sha256,
  /** As it is hashed, words as commitments. Null: it is gone from the database, or no entry any more. */
  body: AuditBody.nullable(),
  /** The words that `body.data` commits to, by field, until they are erased: SHA-256(salt ‖ RFC 8785 form of `value`). */
  disclosures: z.record(z.string(), Disclosure),
});
export type EntryAnswer = z.infer<typeof EntryAnswer>;

const firstMs = Date.parse('0001-01-01T00:00:00Z');

/** A time to look from or up to, in UTC: Postgres takes neither all offsets of RFC 3339 nor the year 0. */
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(Math.max(Date.parse(text), firstMs)).toISOString());

export const Limit = z.coerce.number().int().min(1).max(200).default(50).describe('Items of a page.');

export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), /** Send as `cursor` for what follows; null at the end. */ next: z.string().nullable() });
}

/** Where a list of entries goes on; opaque to callers. */
export const EntryCursor = z
  .string()
  .regex(/^e?\d{1,15}$/, 'must be what `next` said')
  .default('0')
  .transform((cursor): AuditPlace => (cursor.startsWith('e') ? { entry: Number(cursor.slice(1)) } : Number(cursor)));

export function entryAnswer(stored: StoredEntry): EntryAnswer {
  const { body, disclosures } = readEntry(stored) ?? { body: null, disclosures: {} };
  return { seq: stored.seq, leaf: stored.leaf, body, disclosures };
}

/** `entries` were read with `limit`. */
export function entryPage(entries: readonly StoredEntry[], limit: number) {
  const last = entries.length === limit ? entries.at(-1) : undefined;
  const place = last === undefined ? null : placeOf(last);
  return {
    items: entries.map(entryAnswer),
    next: typeof place === 'object' && place !== null ? `e${place.entry}` : (place?.toString() ?? null),
  };
}
