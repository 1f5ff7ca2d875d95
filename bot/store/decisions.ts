import { z } from 'zod';
import type { Redactor } from '../../tools/ports.ts';
import type { DecisionRecord } from '../../workflows/ports.ts';
import { uuidv7 } from './id.ts';
import { type Recorder, system } from './record.ts';
import { type Db, json, sql, type Tx } from './sql.ts';

/** As stored: what `input` and `result` look like is for the reader to check, for older programs wrote them too. */
const RecordedDecision = z.object({
  id: z.string(),
  incidentId: z.string().nullable(),
  planId: z.string().nullable(),
  stepId: z.string().nullable(),
  question: z.string().nullable(),
  verdict: z.string().nullable(),
  bundle: z.string(),
  input: z.unknown(),
  result: z.unknown(),
  at: z.string(),
});
export type RecordedDecision = z.infer<typeof RecordedDecision>;

const columns = sql.fragment`id, incident_id AS "incidentId", plan_id AS "planId", step_id AS "stepId", question, verdict, bundle, input, result, at`;

export interface DecisionContext {
  readonly record: Recorder;
  readonly redact: Redactor;
  readonly now: () => Date;
}

/** Of the input, as far as the audit log names it. */
const Asked = z.object({
  question: z.string().nullable().default(null),
  subject: z.object({ person: z.string().nullable().default(null) }).default({ person: null }),
});

const nothingKnown: z.infer<typeof Asked> = { question: null, subject: { person: null } };

/** Their refusal is audited with the answer that it is about. */
const ofVotes: ReadonlySet<string | null> = new Set(['vote', 'tally']);

/** What they allow has an audit entry of its own, or is only looked at: the row is enough. */
const auditedElsewhere: ReadonlySet<string | null> = new Set(['read', 'ask', 'break_glass', 'llm_egress']);

/** A read that is refused is a gap of the evidence, which is told with the findings: the mirrors do not hear of each. */
function kindOf(question: string | null, denied: boolean) {
  if (!denied) return 'policy.decided';
  return question === 'read' ? 'policy.read_denied' : 'policy.denied';
}

/** Whether an answer is an entry of the audit log. */
export function isAudited(question: string | null, denied: boolean): boolean {
  return !ofVotes.has(question) && (denied || !auditedElsewhere.has(question));
}

async function audit(
  tx: Tx,
  record: Recorder,
  id: string,
  { incidentId, planId, stepId, bundle, input, result }: DecisionRecord,
): Promise<void> {
  const { question, subject } = Asked.safeParse(input).data ?? nothingKnown;
  const denied = result.verdict === 'deny';
  if (!isAudited(question, denied)) return;
  await record(tx, {
    kind: kindOf(question, denied),
    actor: system,
    incidentId,
    planId,
    ids: {
      decision: id,
      question,
      step: stepId,
      bundle,
      verdict: result.verdict,
      ...(subject.person !== null && { person: subject.person }),
    },
    words: { reasons: result.reasons },
  });
}

/**
 * What policy was asked and answered, redacted, in one insert: in the transaction of the change that it allows, where there is one. Every
 * denial is audited, and every answer about a change.
 */
export async function recordDecisions(
  tx: Tx,
  { record, redact, now }: DecisionContext,
  decisions: readonly DecisionRecord[],
): Promise<void> {
  if (decisions.length === 0) return;
  const at = now();
  const masked = (value: unknown) => json(redact.value(value).value);
  const rows = decisions.map((decision) => ({ ...decision, id: uuidv7(at) }));
  const values = rows.map(({ id, incidentId, planId, stepId, bundle, input, result }) => [
    ...[id, incidentId, planId, stepId, bundle],
    ...[masked(input), masked(result), at.toISOString()],
  ]);
  await tx.query(sql.typeAlias('none')`
    INSERT INTO policy_decisions (id, incident_id, plan_id, step_id, bundle, input, result, at)
    SELECT * FROM ${sql.unnest(values, ['text', 'text', 'text', 'text', 'text', 'jsonb', 'jsonb', 'timestamptz'])}
  `);
  for (const { id, ...decision } of rows) await audit(tx, record, id, decision);
}

/** Those about one plan, oldest first, at most `limit`. */
export function listDecisionsOfPlan(db: Db, incidentId: string, planId: string, limit: number): Promise<readonly RecordedDecision[]> {
  return db.any(sql.type(RecordedDecision)`
    SELECT ${columns} FROM policy_decisions WHERE incident_id = ${incidentId} AND plan_id = ${planId} ORDER BY at, id LIMIT ${limit}
  `);
}

/** The first id of version 7 that an instant can have: ids sort by time, so the primary key finds what came after. */
function firstIdAt(instant: Date): string {
  return instant
    .getTime()
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})(.{4})$/, '$1-$2');
}

/** Those made at `since` or later, oldest first, after the one with the id `after`, at most `limit`. */
export function listDecisionsSince(db: Db, since: Date, after: string | null, limit: number): Promise<readonly RecordedDecision[]> {
  return db.any(sql.type(RecordedDecision)`
    SELECT ${columns} FROM policy_decisions
    WHERE id >= ${firstIdAt(since)} AND id > ${after ?? ''} ORDER BY id LIMIT ${limit}
  `);
}

export interface DecisionFilter {
  readonly incidentId?: string | undefined;
  readonly planId?: string | undefined;
  readonly question?: string | undefined;
  readonly verdict?: string | undefined;
  readonly since?: Date | undefined;
}

/** Newest first, those before the one with the id `before`, at most `limit`. */
export function listDecisions(db: Db, filter: DecisionFilter, before: string | null, limit: number): Promise<readonly RecordedDecision[]> {
  const { incidentId, planId, question, verdict, since } = filter;
  const conditions = [
    sql.fragment`TRUE`,
    ...(before === null ? [] : [sql.fragment`id < ${before}`]),
    ...(incidentId === undefined ? [] : [sql.fragment`incident_id = ${incidentId}`]),
    ...(planId === undefined ? [] : [sql.fragment`plan_id = ${planId}`]),
    ...(question === undefined ? [] : [sql.fragment`question = ${question}`]),
    ...(verdict === undefined ? [] : [sql.fragment`verdict = ${verdict}`]),
    ...(since === undefined ? [] : [sql.fragment`id >= ${firstIdAt(since)}`]),
  ];
  return db.any(sql.type(RecordedDecision)`
    SELECT ${columns} FROM policy_decisions WHERE ${sql.join(conditions, sql.fragment` AND `)} ORDER BY id DESC LIMIT ${limit}
  `);
}
