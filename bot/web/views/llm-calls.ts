import { z } from 'zod';
import type { LlmPromptAnswer } from '../../api/routes/llm.ts';
import type { LlmCall } from '../../store/llm-calls.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { count, dollars } from './llm.ts';
import { block, chip, facts, json, named, nothing, section, short, table, time } from './parts.ts';

/** Answers that are of use. */
const good: ReadonlySet<string> = new Set(['answer', 'calls']);

function outcomeChip(outcome: LlmCall['outcome']) {
  return outcome === null ? chip('under way', 'warn') : chip(outcome, good.has(outcome) ? 'ok' : 'bad');
}

/** What models were asked about one incident, and what that cost. */
export function llmCallsView(incidentId: string, title: string, calls: readonly LlmCall[]): View {
  const sum = (of: (call: LlmCall) => number) => calls.reduce((total, call) => total + of(call), 0);
  const rows = calls.map((call) => [
    time(call.at),
    call.task,
    named(`${call.provider}/${call.model}`),
    outcomeChip(call.outcome),
    count(call.inputTokens + call.cachedTokens),
    count(call.outputTokens),
    dollars(call.microUsd),
    html`<a href="/llm/prompts/${call.promptId}">${short(call.promptId)}</a>`,
  ]);
  const head = ['Asked (UTC)', 'Task', 'Model', 'Answer', 'Input tokens', 'Output tokens', 'Booked', 'What was sent'];
  const body = html`${facts([
    ['Incident', html`<a href="/incidents/${encodeURIComponent(incidentId)}">${title}</a>`],
    ['Booked', dollars(sum(({ microUsd }) => microUsd))],
    ['Tokens', count(sum((call) => call.inputTokens + call.cachedTokens + call.outputTokens))],
  ])}
<p class="quiet">What a provider did not say that it used is booked as the most that it could have charged.</p>
${section('calls', 'Calls', table({ caption: 'Attempts, oldest first', head, rows, none: 'No model was asked.' }))}`;
  return { title: 'Language models in this incident', section: '/', body };
}

const Sent = z.looseObject({ provider: z.string(), model: z.string(), system: z.string(), user: z.string() });

function sentOf(text: string): z.infer<typeof Sent> | null {
  try {
    return Sent.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Exactly what was sent, masked before. */
export function promptView({ id, incidentId, at, text }: z.infer<typeof LlmPromptAnswer>): View {
  const sent = sentOf(text);
  const { system, user, provider, model, ...rest } = sent ?? { system: '', user: text, provider: null, model: null };
  const body = html`${facts([
    ['Incident', html`<a href="/incidents/${encodeURIComponent(incidentId)}">${incidentId}</a>`],
    ['Sent (UTC)', time(at)],
    ['Model', provider === null ? 'unknown' : named(`${provider}/${model}`)],
    ['Hash', html`<code>${id}</code>`],
  ])}
<p class="quiet">Secrets were masked, and names replaced, before it was stored and sent. That you read it is in the audit log.</p>
${section('user', 'Question and evidence', block('Question and evidence', user))}
${system === '' ? nothing : section('system', 'Instructions', block('Instructions', system))}
${sent === null ? nothing : section('rest', 'Tools and form of the answer', json('Tools and form of the answer', rest))}`;
  return { title: 'What was sent to a language model', section: '/llm', body };
}
