import type { Problem } from '../../api/problem.ts';
import { html } from '../html.ts';
import type { View } from '../layout.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'That was not understood',
  403: 'That is not for you',
  404: 'There is nothing here',
  409: 'That is not so any more',
  410: 'That is over',
  429: 'That was too often',
  503: 'A part does not answer',
};

/** What went wrong, in words. Null: a fault of ours, of which nothing is told. */
export function failure(problem: Problem | null, requestId: string): View {
  const status = problem?.status ?? 500;
  const text = problem?.message ?? 'Something went wrong here. It is in the log. Please try again.';
  const wrong = (problem?.extras.errors ?? []).map(({ pointer, detail }) => html`<li><code>${pointer || '(all)'}</code> ${detail}</li>`);
  const list = wrong.length === 0 ? html`` : html`<ul>${wrong}</ul>`;
  const body = html`<p>${text}</p>${list}<p><a href="/">All incidents</a></p><p class="quiet">Request <code>${requestId}</code></p>`;
  return { title: titles[status] ?? 'That did not work', body, status };
}

export function unknownPerson(subject: string): View {
  const body = html`<p>You have signed in as <code>${subject}</code>. An administrator has to list you under <code>people</code> in watchkeeper.yaml, with <code>oidc: ${subject}</code>.</p>
<p><a href="/login">Sign in as somebody else</a></p>`;
  return { title: 'Nobody here knows you yet', body, status: 403 };
}
