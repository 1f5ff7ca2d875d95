import { memoryCaution, outcomeOfMemory } from '../../../blocks/similar.ts';
import type { Similar } from '../../../workflows/contracts/memory.ts';
import { type Html, html } from '../html.ts';
import { nothing, outside, table, time, tokenField } from './parts.ts';

function retraction(incidentId: string, id: string, token: string | null): Html {
  if (token === null) return nothing;
  const action = `/incidents/${encodeURIComponent(incidentId)}/memories/${encodeURIComponent(id)}/retract`;
  return html`<details><summary>This is wrong</summary><form class="ask" method="post" action="${action}">${tokenField(token)}<label>Why <input name="reason" required maxlength="500"></label><div><button class="danger">Show it no more</button></div></form></details>`;
}

/** `token`: of whoever may mark one as wrong; null: they may not. */
export function similarIncidents(incidentId: string, similar: readonly Similar[], token: string | null): Html {
  const rows = similar.map((one) => [
    html`<a href="/incidents/${encodeURIComponent(one.incidentId)}">${outside(one.title)}</a>`,
    outside(one.cause),
    outside(one.fix),
    outcomeOfMemory[one.outcome],
    one.because.join(', '),
    time(one.at),
    retraction(incidentId, one.incidentId, token),
  ]);
  const head = ['Incident', 'Cause then', 'What was done', 'Outcome', 'In common', 'Ended (UTC)', 'Wrong?'];
  const none = 'None that is remembered.';
  return html`<p class="quiet">${memoryCaution}</p>${table({ caption: 'Similar incidents before', head, rows, none })}`;
}
