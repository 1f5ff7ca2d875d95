import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { block, outside } from './parts.ts';

/** The same text as everywhere else: what people learnt is theirs to add. */
export function postmortemView(id: string, title: string, markdown: string): View {
  const body = html`<p><a href="/incidents/${encodeURIComponent(id)}">${outside(title)}</a></p>
<p class="quiet">A draft from what is on record, as Markdown. Also: <code>watchkeeper incident postmortem ${id}</code></p>
${block('Postmortem', markdown, 'whole')}`;
  return { title: 'Postmortem', section: '/', body };
}
