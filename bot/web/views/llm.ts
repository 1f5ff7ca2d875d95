import type { Llm } from '../../llm/settings.ts';
import type { LlmUsage } from '../../store/llm-calls.ts';
import { type Html, html } from '../html.ts';
import type { View } from '../layout.ts';
import { chip, facts, filters, json, named, outside, section, select, table } from './parts.ts';

export interface LlmPage {
  readonly settings: Llm;
  readonly usage: readonly LlmUsage[];
  readonly days: number;
}

export const spendDays = [1, 7, 30, 90] as const;

export const count = (amount: number) => amount.toLocaleString('en-US');
export const dollars = (microUsd: number) => `$${(microUsd / 1_000_000).toFixed(microUsd < 10_000_000 ? 4 : 2)}`;

function spend({ usage, days }: LlmPage): Html {
  const sum = (of: (one: LlmUsage) => number) => usage.reduce((total, one) => total + of(one), 0);
  const rows = usage.map(({ provider, model, task, calls, failed, inputTokens, cachedTokens, outputTokens, microUsd }) => [
    named(`${provider}/${model}`),
    task.replaceAll('_', ' '),
    count(calls),
    failed === 0 ? '0' : chip(count(failed), 'bad'),
    count(inputTokens),
    count(cachedTokens),
    count(outputTokens),
    dollars(microUsd),
  ]);
  const total = facts([
    ['Spent', dollars(sum(({ microUsd }) => microUsd))],
    ['Calls', count(sum(({ calls }) => calls))],
    ['Tokens', count(sum((one) => one.inputTokens + one.cachedTokens + one.outputTokens))],
  ]);
  const choices = spendDays.map((each) => ({ value: String(each), label: each === 1 ? 'The last day' : `The last ${each} days` }));
  const head = ['Model', 'Task', 'Calls', 'Failed', 'Input tokens', 'Cached', 'Output tokens', 'Spent'];
  const list = table({ caption: 'By provider, model and task, the dearest first', head, rows, none: 'No model was asked.' });
  return html`${filters('/llm', [select('days', 'Time', String(days), choices)])}${total}${list}`;
}

function routes({ routes: byTask }: Llm): Html {
  const rows = Object.entries(byTask).map(([task, list]) => [
    task.replaceAll('_', ' '),
    html`<ol>${list.map(({ provider, model }) => html`<li>${outside(`${provider}/${model}`)}</li>`)}</ol>`,
  ]);
  return table({
    caption: 'Who is asked for what',
    head: ['Task', 'Asked first, and after that'],
    rows,
    none: 'No task is given to a model.',
  });
}

/** What models cost, and what may go to them. Without one, everything runs by fixed rules. */
export function llmView(page: LlmPage): View {
  const { providers, egress, budgets } = page.settings;
  const off = html`<p>No model is configured: investigations run by fixed rules, and everything works without a model. Providers and routes are set under <code>llm</code> in watchkeeper.yaml.</p>`;
  const body = html`${providers.length === 0 ? off : html``}
${section('spend', 'Spent', spend(page))}
${section('routes', 'Who is asked', routes(page.settings))}
${section('budgets', 'Budgets', json('Budgets', budgets))}
${section('egress', 'What may leave', egress.length === 0 ? html`<p class="none">Nothing: no provider is listed under <code>llm.egress</code>.</p>` : json('What may leave, by provider', egress))}`;
  return { title: 'Language models', section: '/llm', body };
}
