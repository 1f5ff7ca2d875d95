import { type Html, html } from '../html.ts';

/** Whether the page keeps itself up to date, in words. `after`: the last entry that it shows. */
export function liveState(incidentId: string, after: number): Html {
  return html`<p class="live" id="live-state" role="status" data-events="/incidents/${encodeURIComponent(incidentId)}/events" data-after="${after}">Reload the page for what comes next.</p>`;
}
