import type { z } from 'zod';

/** What a language model is asked for; each has a route of its own in the configuration. */
export const modelTasks = ['investigate', 'plan', 'explain', 'summarise'] as const;
export type ModelTask = (typeof modelTasks)[number];

/** Text from outside, for a model to read: data, never instruction. `id` is what an answer cites. */
export interface ModelText {
  readonly id: string;
  /** Class for `llm_egress`. */
  readonly dataClass: string;
  /** Where it is from, in our words. */
  readonly label: string;
  readonly text: string;
  /** What is ranked lower goes first where not all of it fits. */
  readonly rank: number;
}

/** A read that the model may ask for. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ModelRequest<T> {
  readonly task: ModelTask;
  readonly incidentId: string;
  /** On whose account it is; null: nobody's. */
  readonly person: string | null;
  /** Our words about this case: what is asked. Names in it may come from outside. */
  readonly question: string;
  readonly texts: readonly ModelText[];
  readonly tools: readonly ModelTool[];
  /** Of the answer. Re-validated, whatever the provider promises. */
  readonly schema: z.ZodType<T>;
  readonly signal: AbortSignal;
  /** Redacted text of the answer as it comes. */
  readonly onText?: (text: string) => void;
}

/** What one answer cost. `prompt`: id of the stored prompt. */
export interface ModelUse {
  readonly provider: string;
  readonly model: string;
  readonly prompt: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
}

export type ModelOutcome<T> =
  | { readonly kind: 'answer'; readonly value: T; readonly use: ModelUse; readonly notes: readonly string[] }
  | {
      readonly kind: 'calls';
      readonly calls: readonly { readonly tool: string; readonly input: unknown }[];
      readonly use: ModelUse;
      readonly notes: readonly string[];
    }
  /** Nobody answered; `reason` in words for people. */
  | { readonly kind: 'none'; readonly code: 'not_configured' | 'budget' | 'egress' | 'failed'; readonly reason: string };

/** A language model, behind budgets, policy, redaction and fallback. Throws only when `signal` fires, or the store is away. */
export interface Model {
  /** Of an investigation. */
  readonly limits: { readonly rounds: number; readonly callsPerRound: number };
  /** Whether a route is configured for the task. */
  serves(task: ModelTask): boolean;
  ask<T>(request: ModelRequest<T>): Promise<ModelOutcome<T>>;
}
