import { type Html, html } from '../html.ts';

/** Whether the page keeps itself up to date, in words. `after`: the last entry that it shows; `page`: its own path, which an answer to a form does not have. */
export function liveState(incidentId: string, after: number, page: string): Html {
  return html`<p class="live" id="live-state" role="status" data-events="/incidents/${encodeURIComponent(incidentId)}/events" data-after="${after}" data-page="${page}">Reload the page for what comes next.</p>`;
}
