import { z } from 'zod';
import { type PageEvent, type PageSubject, PageType } from './event.ts';

const text = z.string().nullish();
const Reference = z.object({ id: z.string(), summary: text, html_url: text }).loose();
const References = z.array(Reference).default([]);

/** https://developer.pagerduty.com/docs/webhooks/v3-overview: the envelope that every event has. */
export const Envelope = z.object({
  event: z.object({
    id: z.string().min(1).max(200),
    event_type: z.string().min(1).max(200),
    occurred_at: z.iso.datetime({ offset: true }),
    agent: z.unknown(),
    data: z.unknown(),
  }),
});
/** A reference; null for automation. */
const AgentData = z.object({ id: z.string(), type: z.string().nullish(), summary: text });

export type Envelope = z.infer<typeof Envelope>;

/** `data` of an event about an incident itself. */
const IncidentData = z.object({
  id: z.string().min(1).max(100),
  type: z.literal('incident'),
  number: z.number().int().nullish(),
  title: text,
  html_url: text,
  status: z.enum(['triggered', 'acknowledged', 'resolved']).nullish(),
  incident_key: text,
  created_at: z.iso.datetime({ offset: true }).nullish(),
  urgency: z.enum(['high', 'low']).nullish(),
  incident_type: z.object({ name: z.string() }).nullish(),
  service: Reference.nullish(),
  assignees: References,
  escalation_policy: Reference.nullish(),
  priority: Reference.nullish(),
  resolve_reason: z.object({ type: z.string(), incident: Reference.nullish() }).nullish(),
});
type IncidentData = z.infer<typeof IncidentData>;

/** `data` of everything that hangs on an incident. */
const PartData = z.object({
  type: z.string(),
  incident: Reference.extend({ id: z.string().min(1).max(100) }),
  content: text,
  message: text,
  trimmed: z.boolean().nullish(),
  state: text,
  user: Reference.nullish(),
  escalation_policy: Reference.nullish(),
  custom_fields: z.array(z.object({ display_name: text, name: text, value: z.unknown() })).nullish(),
});
type PartData = z.infer<typeof PartData>;

/** What every event about an incident has; enough where the rest is not as published, because the incident is read again anyway. */
const Bare = z.object({ id: z.string().min(1).max(100), type: z.string(), incident: Reference.nullish() });

const names = (list: readonly { summary?: string | null | undefined }[]) => list.flatMap(({ summary }) => summary ?? []).join(', ');

function wordsOfValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordsOfValue).join(', ');
  return value === null || value === undefined ? 'nothing' : String(value);
}

const trimmed = ({ trimmed }: PartData, words: string | null | undefined) => `${words ?? ''}${trimmed === true ? ' …' : ''}`;

/** Types about an incident → the words that come with one. */
const ofIncident: Readonly<Partial<Record<PageType, (data: IncidentData) => string>>> = {
  triggered: () => '',
  acknowledged: () => '',
  unacknowledged: () => '',
  resolved: ({ resolve_reason }) => (resolve_reason?.type === 'merge_resolve_reason' ? (resolve_reason.incident?.summary ?? '') : ''),
  reopened: () => '',
  escalated: ({ assignees }) => names(assignees),
  delegated: ({ escalation_policy, assignees }) => escalation_policy?.summary ?? names(assignees),
  reassigned: ({ assignees }) => names(assignees),
  priority_updated: ({ priority }) => priority?.summary ?? 'none',
  service_updated: ({ service }) => service?.summary ?? '',
  'incident_type.changed': ({ incident_type }) => incident_type?.name ?? '',
};
const ofPart: Readonly<Partial<Record<PageType, (data: PartData) => string>>> = {
  annotated: (data) => trimmed(data, data.content),
  status_update_published: (data) => trimmed(data, data.message),
  'responder.added': ({ user, escalation_policy }) => user?.summary ?? escalation_policy?.summary ?? '',
  'responder.replied': ({ user, state }) => [user?.summary, state].filter((part) => part).join(': '),
  'custom_field_values.updated': ({ custom_fields }) =>
    (custom_fields ?? []).map(({ display_name, name, value }) => `${display_name ?? name ?? 'field'}: ${wordsOfValue(value)}`).join('; '),
  'conference_bridge.updated': () => '',
};

function subjectOf(data: IncidentData): PageSubject {
  const { id, number, title, html_url, status, incident_key, created_at, urgency, service, priority, resolve_reason } = data;
  const merged = resolve_reason?.type === 'merge_resolve_reason' ? (resolve_reason.incident ?? null) : null;
  return {
    id,
    number: number ?? null,
    title: title ?? null,
    url: html_url ?? null,
    status: status ?? null,
    key: incident_key ?? null,
    service: service ? { id: service.id, name: service.summary ?? service.id } : null,
    urgency: urgency ?? null,
    priority: priority?.summary ?? null,
    createdAt: created_at ?? null,
    mergedInto: merged === null ? null : { id: merged.id, title: merged.summary ?? merged.id },
  };
}

/** A reference says `[#12] title`. */
function bare({ id, summary, html_url }: z.infer<typeof Reference> | { id: string; summary?: string; html_url?: string }): PageSubject {
  const number = Number(/^\[#(\d+)\]/.exec(summary ?? '')?.[1] ?? Number.NaN);
  const unknown = {
    number: Number.isSafeInteger(number) ? number : null,
    title: null,
    status: null,
    key: null,
    service: null,
    urgency: null,
    priority: null,
    createdAt: null,
  };
  return { ...unknown, id, url: html_url ?? null, mergedInto: null };
}

/** The incident and the words of an event; null for what is not understood. */
function about(type: PageType, data: unknown): Pick<PageEvent, 'incident' | 'detail'> | null {
  const wordsOfIncident = ofIncident[type];
  const whole = IncidentData.safeParse(data);
  if (wordsOfIncident !== undefined && whole.success) return { incident: subjectOf(whole.data), detail: wordsOfIncident(whole.data) };
  const wordsOfPart = ofPart[type];
  const part = PartData.safeParse(data);
  if (wordsOfPart !== undefined && part.success) return { incident: bare(part.data.incident), detail: wordsOfPart(part.data) };
  const least = Bare.safeParse(data);
  if (!least.success) return null;
  return { incident: bare(least.data.incident ?? { id: least.data.id }), detail: '' };
}

/** A verified event of a webhook v3 → what is used of it; null for a type that is not understood. */
export function readEvent({ id, event_type, occurred_at, agent, data }: Envelope['event']): PageEvent | null {
  const type = PageType.safeParse(/^incident\.(.*)$/.exec(event_type)?.[1]).data;
  const found = type === undefined ? null : about(type, data);
  if (type === undefined || found === null) return null;
  const who = AgentData.safeParse(agent).data;
  const by = who === undefined ? null : { id: who.id, name: who.summary ?? who.id, isUser: who.type?.startsWith('user') ?? false };
  return { id, type, at: new Date(occurred_at).toISOString(), agent: by, ...found };
}
