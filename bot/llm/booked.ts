import { createRedactionStream } from '../../tools/redaction/stream.ts';
import type { ModelRequest, ModelUse } from '../../workflows/model.ts';
import type { LlmCallOutcome, NewLlmCall } from '../store/llm-calls.ts';
import { askOnce } from './attempts.ts';
import { BudgetSpent } from './budget.ts';
import type { RouterOptions } from './options.ts';
import { mostPriceOf, mostTokensOf, priceOf } from './price.ts';
import { type Provider, ProviderFailed, type ProviderRequest, type TokenUse } from './providers/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { type ReadAnswer, readAnswer } from './read-answer.ts';
import type { Route } from './settings.ts';

/** What one attempt is made with. */
export interface Attempt<T> {
  readonly request: ModelRequest<T>;
  readonly route: Route;
  readonly provider: Provider;
  readonly sent: Omit<ProviderRequest, 'signal' | 'onText'>;
  /** Id of the stored prompt. */
  readonly prompt: string;
  readonly names: Pseudonyms;
}

export interface Answered<T> {
  readonly read: ReadAnswer<T>;
  readonly use: ModelUse;
}

/** The most that an attempt can cost. */
function mostOf<T>({ settings }: RouterOptions, { request, route, sent, prompt: promptId }: Attempt<T>): Omit<NewLlmCall, 'id' | 'at'> {
  const { provider, model, maxOutputTokens: outputTokens } = route;
  const { incidentId, person, task } = request;
  const inputTokens = mostTokensOf(JSON.stringify(sent));
  const microUsd = mostPriceOf(settings.prices, provider, model, inputTokens, outputTokens);
  return { incidentId, person, task, provider, model, promptId, inputTokens, outputTokens, microUsd };
}

/**
 * One attempt at one provider: booked with the most that it can cost, made, and settled by what the provider says that it used. Where nobody
 * knows that (the stream broke, the time was up, it was stopped), what was booked stays. Throws ProviderFailed, BudgetSpent, or what the
 * request's `signal` says.
 */
export async function bookedAttempt<T>(options: RouterOptions, attempt: Attempt<T>): Promise<Answered<T>> {
  const { request, route, provider, sent, names, prompt } = attempt;
  const { provider: name, model } = route;
  const most = mostOf(options, attempt);
  const reserved = await options.budget.reserve(most);
  if (reserved.kind === 'exhausted') throw new BudgetSpent(reserved.reason);
  const started = performance.now();
  async function settle(outcome: LlmCallOutcome, used: TokenUse | null): Promise<ModelUse> {
    const milliseconds = Math.round(performance.now() - started);
    const booked =
      used === null
        ? { inputTokens: most.inputTokens, cachedTokens: 0, outputTokens: most.outputTokens, microUsd: most.microUsd }
        : {
            inputTokens: used.input + used.written,
            cachedTokens: used.cached,
            outputTokens: used.output,
            microUsd: priceOf(options.settings.prices, name, model, used),
          };
    if (reserved.kind === 'reserved') await options.budget.settle(reserved.id, { ...booked, outcome, milliseconds });
    const { outputTokens, microUsd } = booked;
    const inputTokens = booked.inputTokens + booked.cachedTokens;
    options.events.called({
      provider: name,
      task: request.task,
      outcome,
      seconds: milliseconds / 1_000,
      inputTokens,
      outputTokens,
      microUsd,
    });
    return { provider: name, model, prompt, inputTokens, outputTokens, microUsd };
  }
  const stream = createRedactionStream(options.redactor);
  const tell = (text: string) => {
    if (text !== '') request.onText?.(text);
  };
  const asked = { ...sent, signal: request.signal, onText: (piece: string) => tell(stream.push(piece)) };
  const answer = await askOnce(provider, asked, route.timeoutSeconds * 1_000).catch(async (error: unknown) => {
    const stopped = request.signal.aborted;
    await settle(stopped ? 'cancelled' : 'failed', !stopped && error instanceof ProviderFailed ? error.charged : null);
    throw error;
  });
  tell(stream.end());
  const read = readAnswer(request, names, answer);
  return { read, use: await settle(read.outcome, answer.use) };
}
