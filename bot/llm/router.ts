import type { Logger } from 'pino';
import type { Redactor } from '../../tools/ports.ts';
import { createRedactionStream } from '../../tools/redaction/stream.ts';
import type { Model, ModelOutcome, ModelRequest, ModelText, ModelUse } from '../../workflows/model.ts';
import type { LlmCallOutcome, SettledLlmCall } from '../store/llm-calls.ts';
import type { LlmPrompts } from '../store/llm-prompts.ts';
import { answerSchema, jsonOf } from './answer-schema.ts';
import type { Attempts } from './attempts.ts';
import type { Budget } from './budget.ts';
import { compose } from './compose.ts';
import { type EgressDeps, mayLeave } from './egress.ts';
import { priceOf, tokensOf } from './price.ts';
import { systemPrompt } from './prompts/system.ts';
import { type Provider, type ProviderAnswer, ProviderFailed, type ProviderRequest } from './providers/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Llm, Route } from './settings.ts';

/** Told of each call, for the metrics. */
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

type Tried<T> =
  | Exclude<ModelOutcome<T>, { kind: 'none' }>
  | { readonly kind: 'failed'; readonly reason: string; readonly final?: 'budget' | 'egress' };

interface Prepared {
  readonly system: string;
  readonly user: string;
  readonly names: Pseudonyms;
  readonly left: readonly string[];
}

/** Redaction first: it knows secrets by where they stand. Then names go, and what is left is fenced. */
function prepare<T>(options: RouterOptions, request: ModelRequest<T>, texts: readonly ModelText[], maxTokens: number): Prepared {
  const names = options.pseudonyms();
  const safe = (text: string) => names.hide(options.redactor.text(text).text);
  const hidden = texts.map((text) => ({ ...text, label: safe(text.label), text: safe(text.text) }));
  const { user, left } = compose({ question: safe(request.question), texts: hidden, maxTokens, key: options.key });
  return { system: systemPrompt(request.task), user, names, left };
}

function settledOf(
  options: RouterOptions,
  route: Route,
  outcome: LlmCallOutcome,
  answer: ProviderAnswer | null,
  started: number,
  /** Input tokens, where nobody says how many were used. */
  unknown: number,
): SettledLlmCall {
  const use = answer?.use ?? { input: unknown, cached: 0, output: 0 };
  return {
    outcome,
    inputTokens: use.input,
    cachedTokens: use.cached,
    outputTokens: use.output,
    microUsd: priceOf(options.settings.prices, route.provider, route.model, use),
    milliseconds: Math.round(performance.now() - started),
  };
}

interface Read<T> {
  readonly outcome: LlmCallOutcome;
  readonly result:
    | { readonly kind: 'answer'; readonly value: T }
    | { readonly kind: 'calls'; readonly calls: readonly { tool: string; input: unknown }[] }
    | null;
}

function readAnswer<T>(request: ModelRequest<T>, names: Pseudonyms, answer: ProviderAnswer): Read<T> {
  if (answer.stop !== 'end') return { outcome: answer.stop, result: null };
  if (answer.calls.length > 0) {
    const calls = answer.calls.map(({ name, input }) => ({ tool: name, input: names.reveal(jsonOf(input)) }));
    return { outcome: 'calls', result: { kind: 'calls', calls } };
  }
  const parsed = request.schema.safeParse(names.reveal(jsonOf(answer.text)));
  return parsed.success ? { outcome: 'answer', result: { kind: 'answer', value: parsed.data } } : { outcome: 'malformed', result: null };
}

const noAnswer: Readonly<Partial<Record<LlmCallOutcome, string>>> = {
  refusal: 'refused to answer',
  length: 'did not finish its answer within its limit',
  malformed: 'answered in another form than asked for',
};

/** A refusal, a cut answer, or one of another form is tried once more at the same provider. */
const attemptsAtForm = 2;

async function tryRoute<T>(options: RouterOptions, request: ModelRequest<T>, route: Route, maxTokens: number): Promise<Tried<T>> {
  const provider = options.providers.get(route.provider);
  const who = `${route.provider} (${route.model})`;
  if (provider === undefined) return { kind: 'failed', reason: `${route.provider} has no key` };
  const { texts, refused } = await mayLeave(options.egress, request.incidentId, route.provider, request.texts);
  if (texts.length === 0)
    return { kind: 'failed', reason: refused.join('; ') || `${route.provider}: there is nothing to send`, final: 'egress' };
  const prepared = prepare(options, request, texts, maxTokens);
  const notes = [...refused, ...(prepared.left.length > 0 ? [`${prepared.left.length} texts did not fit into the prompt`] : [])];
  let failed: Tried<T> = { kind: 'failed', reason: `${who} gave no answer` };
  for (let attempt = 0; attempt < attemptsAtForm; attempt += 1) {
    const { read, use, reason, final } = await call(options, request, route, provider, prepared);
    if (read?.result) return { ...read.result, use, notes };
    failed = {
      kind: 'failed',
      reason: reason ?? `${who} ${noAnswer[read?.outcome ?? 'malformed'] ?? 'gave no answer'}`,
      ...(final && { final }),
    };
    if (read?.outcome !== 'malformed') return failed;
  }
  return failed;
}

interface Called<T> {
  readonly read: Read<T> | null;
  readonly use: ModelUse;
  readonly reason: string | null;
  readonly final?: 'budget';
}

/** Books, asks, settles. */
async function call<T>(
  options: RouterOptions,
  request: ModelRequest<T>,
  route: Route,
  provider: Provider,
  prepared: Prepared,
): Promise<Called<T>> {
  const { provider: name, model } = route;
  const sent: Omit<ProviderRequest, 'signal' | 'onText'> = {
    model,
    system: prepared.system,
    user: prepared.user,
    tools: request.tools,
    answer: { name: request.task, schema: answerSchema(request.schema) },
    maxOutputTokens: route.maxOutputTokens,
    cacheKey: `${request.task}:${request.incidentId}`,
  };
  const prompt = await options.prompts.put(request.incidentId, JSON.stringify({ provider: name, ...sent }));
  const tokens = tokensOf(JSON.stringify(sent));
  const most = priceOf(options.settings.prices, name, model, { input: tokens, cached: 0, output: route.maxOutputTokens });
  const use: ModelUse = { provider: name, model, prompt, inputTokens: 0, outputTokens: 0, microUsd: 0 };
  const { incidentId, person, task } = request;
  const booked = { incidentId, person, task, provider: name, model, promptId: prompt };
  const reserved = await options.budget.reserve({ ...booked, inputTokens: tokens, outputTokens: route.maxOutputTokens, microUsd: most });
  if (reserved.kind === 'exhausted') return { read: null, use, reason: reserved.reason, final: 'budget' };
  const started = performance.now();
  const settle = async (outcome: LlmCallOutcome, answer: ProviderAnswer | null, unknown = 0): Promise<ModelUse> => {
    const settled = settledOf(options, route, outcome, answer, started, unknown);
    await options.budget.settle(reserved.id, settled);
    const { inputTokens, cachedTokens, outputTokens, microUsd } = settled;
    const all = inputTokens + cachedTokens;
    options.events.called({
      provider: name,
      task,
      outcome,
      seconds: settled.milliseconds / 1_000,
      inputTokens: all,
      outputTokens,
      microUsd,
    });
    return { ...use, inputTokens: all, outputTokens, microUsd };
  };
  const stream = createRedactionStream(options.redactor);
  const tell = (text: string) => {
    if (text !== '') request.onText?.(text);
  };
  try {
    const answer = await options.attempts.ask(
      name,
      provider,
      { ...sent, signal: request.signal, onText: (piece) => tell(stream.push(piece)) },
      route.timeoutSeconds * 1_000,
    );
    tell(stream.end());
    const read = readAnswer(request, prepared.names, answer);
    return { read, use: await settle(read.outcome, answer), reason: null };
  } catch (error) {
    // What was given up is paid for all the same.
    const paid = request.signal.aborted || (error instanceof ProviderFailed && error.kind === 'timeout');
    await settle(request.signal.aborted ? 'cancelled' : 'failed', null, paid ? tokens : 0);
    request.signal.throwIfAborted();
    if (!(error instanceof ProviderFailed)) throw error;
    options.log.warn({ provider: name, model, kind: error.kind, task }, 'a language model gave no answer');
    return { read: null, use, reason: `${name} (${model}) ${error.message}` };
  }
}

/** Halves what is sent while the provider says that it is too long. */
async function tryFitting<T>(options: RouterOptions, request: ModelRequest<T>, route: Route): Promise<Tried<T>> {
  let tried = await tryRoute(options, request, route, route.maxInputTokens);
  for (let tokens = route.maxInputTokens / 2; tokens >= 1_000 && tried.kind === 'failed' && tried.reason.endsWith('too long'); tokens /= 2)
    tried = await tryRoute(options, request, route, tokens);
  return tried;
}

/** Asks what the configuration names for the task, one after the other until one answers. */
export function createRouter(options: RouterOptions): Model {
  const { settings } = options;
  return {
    limits: settings.investigation,
    serves: (task) => (settings.routes[task] ?? []).some(({ provider }) => options.providers.has(provider)),
    async ask<T>(request: ModelRequest<T>): Promise<ModelOutcome<T>> {
      const routes = settings.routes[request.task] ?? [];
      if (routes.length === 0)
        return { kind: 'none', code: 'not_configured', reason: `no language model is configured for ${request.task}` };
      const failures: Extract<Tried<T>, { kind: 'failed' }>[] = [];
      for (const route of routes) {
        const tried = await tryFitting(options, request, route);
        if (tried.kind !== 'failed')
          return { ...tried, notes: [...failures.map(({ reason }) => `${reason}; another model answered`), ...tried.notes] };
        failures.push(tried);
        // Another provider does not make a budget larger.
        if (tried.final === 'budget') break;
      }
      const code = failures.at(-1)?.final === 'budget' ? 'budget' : failures.every(({ final }) => final === 'egress') ? 'egress' : 'failed';
      return { kind: 'none', code, reason: failures.map(({ reason }) => reason).join('; ') };
    },
  };
}
