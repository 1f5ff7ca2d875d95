import { z } from 'zod';
import type { PagerDutyPort } from '../ports.ts';
import { createEvents } from './events.ts';
import { callRest } from './request.ts';

export interface PagerDutyClientOptions {
  readonly token: string;
  /** `https://api.pagerduty.com`, or that of the EU. */
  readonly apiUrl: string;
  readonly eventsUrl: string;
  readonly fromEmail: string;
  /** With it, an incident that PagerDuty does not know is opened there; without it, only linked incidents are mirrored. */
  readonly routingKey?: string;
  /** Milliseconds for one call; 10,000 unless given. */
  readonly timeoutMs?: number;
}

const Notes = z.object({ notes: z.array(z.object({ content: z.string() })) });
const Note = z.object({ note: z.object({ id: z.string() }) });
const Incidents = z.object({ incidents: z.array(z.object({ id: z.string(), html_url: z.string() })) });

/** PagerDuty through pdjs and Events v2, with a timeout per call, and errors that hold no payload. */
export function createPagerDutyClient(options: PagerDutyClientOptions): PagerDutyPort {
  const { token, fromEmail, routingKey, timeoutMs = 10_000 } = options;
  const rest = { token, fromEmail, timeoutMs, apiUrl: options.apiUrl.replace(/\/$/, '') };
  const eventsUrl = options.eventsUrl.replace(/\/$/, '');
  const notesOf = (id: string) => `/incidents/${encodeURIComponent(id)}/notes`;
  return {
    notes: async (id) => (await callRest(rest, { method: 'get', path: notesOf(id), answer: Notes })).notes.map((note) => note.content),
    addNote: async (id, content) =>
      (await callRest(rest, { method: 'post', path: notesOf(id), data: { note: { content } }, answer: Note })).note.id,
    find: async (dedupKey) => {
      const { incidents } = await callRest(rest, {
        method: 'get',
        path: '/incidents',
        data: { incident_key: dedupKey, date_range: 'all' },
        answer: Incidents,
      });
      const newest = incidents.at(-1);
      return newest === undefined ? null : { id: newest.id, url: newest.html_url };
    },
    events: routingKey === undefined ? null : createEvents({ eventsUrl, routingKey, timeoutMs }),
  };
}
