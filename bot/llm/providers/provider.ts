/** One prompt, as every provider takes it. */
export interface ProviderRequest {
  readonly model: string;
  /** The same for every call of a task: cached where that is offered. */
  readonly system: string;
  readonly user: string;
  readonly tools: readonly { readonly name: string; readonly description: string; readonly schema: Readonly<Record<string, unknown>> }[];
  /** JSON Schema of the answer. */
  readonly answer: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
  readonly maxOutputTokens: number;
  /** Prompts with the same key share a cache. */
  readonly cacheKey: string;
  readonly signal: AbortSignal;
  readonly onText: (piece: string) => void;
}

export interface TokenUse {
  /** Without the cached ones, and without those written to the cache. */
  readonly input: number;
  readonly cached: number;
  /** To the cache, where that has a price of its own. */
  readonly written: number;
  readonly output: number;
}

export const nothingUsed: TokenUse = { input: 0, cached: 0, written: 0, output: 0 };

export interface ProviderAnswer {
  readonly text: string;
  /** `input`: JSON as the model wrote it. */
  readonly calls: readonly { readonly name: string; readonly input: string }[];
  readonly stop: 'end' | 'refusal' | 'length';
  /** Null: the provider does not say. */
  readonly use: TokenUse | null;
}

/** Throws ProviderFailed. */
export interface Provider {
  ask(request: ProviderRequest): Promise<ProviderAnswer>;
}

/** Characters of an answer that are kept: what is longer is cut off there, and ends the call. */
export const longestAnswer = 400_000;

export type FailureKind =
  | 'auth'
  | 'quota'
  | 'model'
  | 'context'
  | 'request'
  | 'rate'
  | 'overloaded'
  | 'timeout'
  | 'unreachable'
  | 'malformed';

const words: Readonly<Record<FailureKind, string>> = {
  auth: 'refused the key: it may have been revoked',
  quota: 'says that the quota is used up',
  model: 'does not know the model',
  context: 'says that the prompt is too long',
  request: 'did not take the request',
  rate: 'asks for fewer requests',
  overloaded: 'is overloaded or broken',
  timeout: 'did not answer in time',
  unreachable: 'cannot be reached',
  malformed: 'answered in another form than its protocol',
};

const passing: ReadonlySet<FailureKind> = new Set(['rate', 'overloaded', 'unreachable', 'malformed']);

/** Why a provider gave no answer. Its message holds nothing that the provider said. */
export class ProviderFailed extends Error {
  readonly code = 'llm_provider_failed';
  readonly kind: FailureKind;
  /** Milliseconds after which it asks to be tried again; null: it does not say. */
  readonly retryAfterMs: number | null;
  /** What it can have charged for; null: nobody knows, so as much as was allowed. */
  readonly charged: TokenUse | null;
  constructor(
    kind: FailureKind,
    options: { readonly retryAfterMs?: number | null; readonly charged?: TokenUse | null; readonly cause?: unknown } = {},
  ) {
    super(words[kind], { cause: options.cause });
    this.name = 'ProviderFailed';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.charged = options.charged ?? null;
  }
  /** Whether the same request may succeed a moment later. */
  get passing(): boolean {
    return passing.has(this.kind);
  }
}
