import { html } from '../html.ts';
import type { View } from '../layout.ts';
import { markdown } from '../markdown.ts';

/** The same text as everywhere else: what people learnt is theirs to add. */
export function postmortemView(id: string, title: string, text: string): View {
  const path = `/incidents/${encodeURIComponent(id)}`;
  const body = html`<p><a href="${path}">The incident</a></p>
<p class="quiet">To go on writing: <a href="${path}/postmortem.md">the Markdown source</a>, or <code>watchkeeper incident postmortem ${id}</code></p>
<article class="prose">${markdown(text)}</article>`;
  return { title: `Postmortem: ${title}`, section: '/', body };
}
