import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import type { LlmCallOutcome } from '../store/llm-calls.ts';
import type { LlmPrompts } from '../store/llm-prompts.ts';
import type { Attempts } from './attempts.ts';
import type { Budget } from './budget.ts';
import type { EgressDeps } from './egress.ts';
import type { Provider } from './providers/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Llm } from './settings.ts';

/** Told of each attempt at a provider, for the metrics. */
export interface LlmEvents {
  called(call: {
    readonly provider: string;
    readonly task: string;
    readonly outcome: LlmCallOutcome;
    readonly seconds: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly microUsd: number;
  }): void;
}

export interface RouterOptions {
  readonly settings: Llm;
  /** By name; a provider without its key is not there. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly budget: Budget;
  readonly prompts: Pick<LlmPrompts, 'put'>;
  readonly egress: EgressDeps;
  readonly attempts: Attempts;
  readonly redactor: Redactor;
  /** New for each request. */
  readonly pseudonyms: () => Pseudonyms;
  /** Fences are made with it. */
  readonly key: Uint8Array;
  readonly events: LlmEvents;
  readonly log: Logger;
}
