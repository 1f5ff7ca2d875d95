import { z } from 'zod';
import { createEvents } from './events.ts';
import { createLimits } from './limits.ts';
import { keysOfChanges, onCallOf, type Rest, userIdOf } from './lookups.ts';
import type { Page, PagerDutyPort } from './ports.ts';
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
const Incident = z.object({
  incident: z.object({
    id: z.string(),
    html_url: z.string(),
    status: z.enum(['triggered', 'acknowledged', 'resolved']),
    service: z.object({ id: z.string() }),
    escalation_policy: z.object({ id: z.string() }),
    responder_requests: z.array(z.object({ message: z.string().nullish() })).nullish(),
  }),
});
const StatusUpdate = z.object({ status_update: z.object({ id: z.string() }) });

function pageOf({ incident }: z.infer<typeof Incident>): Page {
  return {
    id: incident.id,
    url: incident.html_url,
    status: incident.status,
    serviceId: incident.service.id,
    escalationPolicyId: incident.escalation_policy.id,
    responderMessages: (incident.responder_requests ?? []).flatMap(({ message }) => message ?? []),
  };
}

/** PagerDuty through pdjs and Events v2, with a timeout per call, and errors that hold no payload of ours. */
export function createPagerDutyClient(options: PagerDutyClientOptions): PagerDutyPort {
  const { token, fromEmail, routingKey, timeoutMs = 10_000 } = options;
  const settings = { token, fromEmail, timeoutMs, apiUrl: options.apiUrl.replace(/\/$/, ''), limits: createLimits(Date.now) };
  const rest: Rest = (call) => callRest(settings, call);
  const eventsUrl = options.eventsUrl.replace(/\/$/, '');
  const at = (id: string, of = '') => `/incidents/${encodeURIComponent(id)}${of}`;
  return {
    fromEmail,
    notes: async (id) => (await rest({ method: 'get', path: at(id, '/notes'), answer: Notes })).notes.map((note) => note.content),
    addNote: async (id, content) =>
      (await rest({ method: 'post', path: at(id, '/notes'), data: { note: { content } }, answer: Note })).note.id,
    find: async (dedupKey) => {
      const data = { incident_key: dedupKey, date_range: 'all' };
      const { incidents } = await rest({ method: 'get', path: '/incidents', data, answer: Incidents });
      const newest = incidents.at(-1);
      return newest === undefined ? null : { id: newest.id, url: newest.html_url };
    },
    page: async (id) => pageOf(await rest({ method: 'get', path: at(id), answer: Incident })),
    async setStatus(id, status, from) {
      await rest({ method: 'put', path: at(id), data: { incident: { type: 'incident_reference', status } }, from, answer: Incident });
    },
    statusUpdate: async (id, message) =>
      (await rest({ method: 'post', path: at(id, '/status_updates'), data: { message }, answer: StatusUpdate })).status_update.id,
    userId: (email) => userIdOf(rest, email),
    onCall: (serviceId) => onCallOf(rest, serviceId),
    async requestResponders(id, requesterId, message, targets) {
      const data = {
        requester_id: requesterId,
        message,
        responder_request_targets: targets.map((target) => ({ responder_request_target: target })),
      };
      await rest({ method: 'post', path: at(id, '/responder_requests'), data, answer: z.object({ responder_request: z.object({}) }) });
    },
    changeKeys: (since) => keysOfChanges(rest, since),
    events: routingKey === undefined ? null : createEvents({ eventsUrl, routingKey, timeoutMs }),
  };
}
