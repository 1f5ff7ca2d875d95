import { z } from 'zod';

/** What can happen to an incident, as far as it is understood: event types of webhooks v3 without `incident.`. */
export const PageType = z.enum([
  'triggered',
  'acknowledged',
  'unacknowledged',
  'resolved',
  'reopened',
  'escalated',
  'delegated',
  'reassigned',
  'priority_updated',
  'service_updated',
  'incident_type.changed',
  'annotated',
  'status_update_published',
  'responder.added',
  'responder.replied',
  'custom_field_values.updated',
  'conference_bridge.updated',
]);
export type PageType = z.infer<typeof PageType>;

/** Who did it; null for PagerDuty's own automation. */
const Agent = z.object({ id: z.string(), name: z.string(), isUser: z.boolean() });

/** What the event says of the incident that it is about. Its status may be outdated by the time that the event is handled. */
const Subject = z.object({
  id: z.string(),
  number: z.number().nullable(),
  title: z.string().nullable(),
  url: z.string().nullable(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']).nullable(),
  /** Deduplication key. */
  key: z.string().nullable(),
  service: z.object({ id: z.string(), name: z.string() }).nullable(),
  urgency: z.enum(['high', 'low']).nullable(),
  priority: z.string().nullable(),
  createdAt: z.string().nullable(),
  /** Set when it was resolved by being merged into another one. */
  mergedInto: z.object({ id: z.string(), title: z.string() }).nullable(),
});

/** One event of PagerDuty about an incident, as far as it is used. */
export const PageEvent = z.object({
  id: z.string(),
  type: PageType,
  /** RFC 3339, PagerDuty's clock. */
  at: z.string(),
  agent: Agent.nullable(),
  incident: Subject,
  /** Words that came with it: a note, who is assigned now, the new priority. Empty where there are none. */
  detail: z.string(),
});
export type PageEvent = z.infer<typeof PageEvent>;

/** What is known of a PagerDuty incident, from the event or from the API. */
export type PageSubject = z.infer<typeof Subject>;
