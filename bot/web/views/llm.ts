import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { json, section } from './parts.ts';

/** What may go to a model: this version asks none. */
export function llmView(egress: readonly unknown[]): View {
  const body = html`<p>No model is configured, so nothing was spent: investigations run by fixed rules, and everything works without a model.</p>
${section('egress', 'What may leave', egress.length === 0 ? html`<p class="none">Nothing: no provider is listed under <code>llm.egress</code> in watchkeeper.yaml.</p>` : json('What may leave', egress))}`;
  return { title: 'Language model', section: '/llm', body };
}
