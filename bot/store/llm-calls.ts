import { z } from 'zod';
import { modelTasks } from '../../workflows/model.ts';
import { type Db, sql, type Tx } from './sql.ts';

export const LlmCallOutcome = z.enum(['answer', 'calls', 'refusal', 'length', 'malformed', 'failed', 'cancelled']);
export type LlmCallOutcome = z.infer<typeof LlmCallOutcome>;

/** A call that is about to be made, with the most that it can cost. */
export interface NewLlmCall {
  readonly id: string;
  readonly incidentId: string;
  readonly person: string | null;
  readonly task: (typeof modelTasks)[number];
  readonly provider: string;
  readonly model: string;
  readonly promptId: string;
  readonly at: Date;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
}

export interface SettledLlmCall {
  readonly outcome: LlmCallOutcome;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
  readonly milliseconds: number;
}

/** What was spent; what is not settled counts in full. */
const Spent = z.object({ tokens: z.number(), microUsd: z.number() });
export type Spent = z.infer<typeof Spent>;

const spent = sql.fragment`
  coalesce(sum(input_tokens::bigint + cached_tokens + output_tokens), 0)::float8 AS tokens, coalesce(sum(micro_usd), 0)::float8 AS "microUsd"
`;

/** Those who spend wait for each other: two may not both find room for one. */
export async function lockSpending(tx: Tx): Promise<void> {
  await tx.query(sql.typeAlias('none')`SELECT FROM (SELECT pg_advisory_xact_lock(hashtext('llm_calls'))) AS locked`);
}

export function spentOnIncident(db: Db, incidentId: string): Promise<Spent> {
  return db.one(sql.type(Spent)`SELECT ${spent} FROM llm_calls WHERE incident_id = ${incidentId}`);
}

/** `person` null: everybody. */
export function spentSince(db: Db, since: Date, person: string | null): Promise<Spent> {
  return db.one(sql.type(Spent)`
    SELECT ${spent} FROM llm_calls
    WHERE at >= ${since.toISOString()} ${person === null ? sql.fragment`` : sql.fragment`AND person = ${person}`}
  `);
}

export async function insertLlmCall(tx: Tx, call: NewLlmCall): Promise<void> {
  await tx.query(sql.typeAlias('none')`
    INSERT INTO llm_calls (id, incident_id, person, task, provider, model, prompt_id, at, input_tokens, output_tokens, micro_usd)
    VALUES (${call.id}, ${call.incidentId}, ${call.person}, ${call.task}, ${call.provider}, ${call.model}, ${call.promptId},
      ${call.at.toISOString()}, ${call.inputTokens}, ${call.outputTokens}, ${call.microUsd})
  `);
}

export async function settleLlmCall(db: Db, id: string, settled: SettledLlmCall): Promise<void> {
  await db.query(sql.typeAlias('none')`
    UPDATE llm_calls SET outcome = ${settled.outcome}, input_tokens = ${settled.inputTokens}, cached_tokens = ${settled.cachedTokens},
      output_tokens = ${settled.outputTokens}, micro_usd = ${settled.microUsd}, milliseconds = ${settled.milliseconds}
    WHERE id = ${id}
  `);
}

/** `outcome` null: under way, or never settled. */
export const LlmCall = z.object({
  id: z.string(),
  incidentId: z.string(),
  person: z.string().nullable(),
  task: z.enum(modelTasks),
  provider: z.string(),
  model: z.string(),
  promptId: z.string(),
  at: z.string(),
  outcome: LlmCallOutcome.nullable(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  microUsd: z.number(),
  milliseconds: z.number().nullable(),
});
export type LlmCall = z.infer<typeof LlmCall>;

/** Of one incident, oldest first. */
export function llmCallsOf(db: Db, incidentId: string, limit: number): Promise<readonly LlmCall[]> {
  return db.any(sql.type(LlmCall)`
    SELECT id, incident_id AS "incidentId", person, task, provider, model, prompt_id AS "promptId", at, outcome,
      input_tokens AS "inputTokens", cached_tokens AS "cachedTokens", output_tokens AS "outputTokens", micro_usd::float8 AS "microUsd",
      milliseconds
    FROM llm_calls WHERE incident_id = ${incidentId} ORDER BY at, id LIMIT ${limit}
  `);
}

export const LlmUsage = z.object({
  provider: z.string(),
  model: z.string(),
  task: z.enum(modelTasks),
  calls: z.number(),
  failed: z.number(),
  inputTokens: z.number(),
  cachedTokens: z.number(),
  outputTokens: z.number(),
  microUsd: z.number(),
});
export type LlmUsage = z.infer<typeof LlmUsage>;

/** Since an instant, by provider, model and task; the dearest first. */
export function llmUsageSince(db: Db, since: Date): Promise<readonly LlmUsage[]> {
  return db.any(sql.type(LlmUsage)`
    SELECT provider, model, task, count(*)::int AS calls,
      count(*) FILTER (WHERE outcome IS NOT NULL AND outcome NOT IN ('answer', 'calls'))::int AS failed,
      sum(input_tokens)::float8 AS "inputTokens", sum(cached_tokens)::float8 AS "cachedTokens", sum(output_tokens)::float8 AS "outputTokens",
      sum(micro_usd)::float8 AS "microUsd"
    FROM llm_calls WHERE at >= ${since.toISOString()} GROUP BY provider, model, task
    ORDER BY sum(micro_usd) DESC, sum(input_tokens + output_tokens) DESC, provider, model, task
  `);
}
