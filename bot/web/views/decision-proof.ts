import { isAudited } from '../../store/decisions.ts';
import { type Html, html } from '../html.ts';
import { oneLine, proofLink } from './parts.ts';

/** Above a table of what policy answered: why not each of its rows has a proof. */
export const aboutProofs: Html = html`<p class="quiet">Denials, and answers about a change, are entries of the audit log and have a proof. What was allowed besides is kept here alone: a vote or a use of break-glass has an entry of its own.</p>`;

interface Answer {
  readonly question: string | null;
  readonly verdict: string | null;
}

/** In its cell. `entry`: of the audit log, where it was found. `what`: for those who hear the link alone. */
export function decisionProof(entry: string | undefined, { question, verdict }: Answer, what: string): Html {
  if (entry !== undefined) return proofLink(entry, what);
  if (isAudited(question, verdict === 'deny')) return html`<a href="/audit" aria-label="The audit log, for ${what}">In the log</a>`;
  return html`<span class="quiet">none: ${oneLine('no entry')}</span>`;
}
