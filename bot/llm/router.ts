import type { Model, ModelOutcome, ModelRequest, ModelText } from '../../workflows/model.ts';
import type { LlmCallOutcome } from '../store/llm-calls.ts';
import { answerSchema } from './answer-schema.ts';
import { type Answered, bookedAttempt } from './booked.ts';
import { BudgetSpent } from './budget.ts';
import { compose } from './compose.ts';
import { mayLeave } from './egress.ts';
import type { RouterOptions } from './options.ts';
import { systemPrompt } from './prompts/system.ts';
import { type Provider, ProviderFailed } from './providers/provider.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import type { Route } from './settings.ts';

interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
  readonly final?: 'budget' | 'egress';
  /** Less of it may fit. */
  readonly tooLong?: boolean;
}

type Tried<T> = Exclude<ModelOutcome<T>, { kind: 'none' }> | Failed;

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

const noAnswer: Readonly<Partial<Record<LlmCallOutcome, string>>> = {
  refusal: 'refused to answer',
  length: 'did not finish its answer within its limit',
  malformed: 'answered in another form than asked for',
};

/** An answer of another form is asked for once more at the same provider. */
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
  for (let attempt = 1; ; attempt += 1) {
    const called = await call(options, request, route, provider, prepared);
    if ('kind' in called) return called;
    const { read, use } = called;
    if (read.result !== null) return { ...read.result, use, notes };
    if (read.outcome !== 'malformed' || attempt === attemptsAtForm)
      return { kind: 'failed', reason: `${who} ${noAnswer[read.outcome] ?? 'gave no answer'}` };
  }
}

/** Asks, and asks again where that may help. */
async function call<T>(
  options: RouterOptions,
  request: ModelRequest<T>,
  route: Route,
  provider: Provider,
  prepared: Prepared,
): Promise<Answered<T> | Failed> {
  const { provider: name, model, maxOutputTokens } = route;
  const sent = {
    model,
    system: prepared.system,
    user: prepared.user,
    tools: request.tools,
    answer: { name: request.task, schema: answerSchema(request.schema) },
    maxOutputTokens,
    cacheKey: `${request.task}:${request.incidentId}`,
  };
  const prompt = await options.prompts.put(request.incidentId, JSON.stringify({ provider: name, ...sent }));
  const attempt = { request, route, provider, sent, prompt, names: prepared.names };
  try {
    return await options.attempts.make(name, () => bookedAttempt(options, attempt), request.signal);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof BudgetSpent) return { kind: 'failed', reason: error.message, final: 'budget' };
    if (!(error instanceof ProviderFailed)) throw error;
    options.log.warn({ provider: name, model, kind: error.kind, task: request.task }, 'a language model gave no answer');
    return { kind: 'failed', reason: `${name} (${model}) ${error.message}`, tooLong: error.kind === 'context' };
  }
}

/** Halves what is sent while the provider says that it is too long. */
async function tryFitting<T>(options: RouterOptions, request: ModelRequest<T>, route: Route): Promise<Tried<T>> {
  let tried = await tryRoute(options, request, route, route.maxInputTokens);
  for (let tokens = route.maxInputTokens / 2; tokens >= 1_000 && tried.kind === 'failed' && tried.tooLong === true; tokens /= 2)
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
      const failures: Failed[] = [];
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
