import { z } from 'zod';

/** Answers of REST v2, as far as they are read; https://developer.pagerduty.com/api-reference */
export const Reference = z.object({ id: z.string(), summary: z.string().nullish() });
const When = z.iso.datetime({ offset: true });

export const IncidentAnswer = z.object({
  incident: z.object({
    id: z.string(),
    incident_number: z.number().int(),
    title: z.string(),
    html_url: z.string().nullish(),
    status: z.enum(['triggered', 'acknowledged', 'resolved']),
    incident_key: z.string().nullish(),
    created_at: When,
    last_status_change_at: When,
    urgency: z.enum(['high', 'low']),
    priority: Reference.nullish(),
    service: Reference,
  }),
});

const ChangeEvent = z.object({
  id: z.string(),
  summary: z.string().nullish(),
  timestamp: When.nullish(),
  source: z.string().nullish(),
});

export const ChangeEvents = z.object({
  change_events: z.array(ChangeEvent.extend({ correlation_reason: z.object({ reason: z.string() }).nullish() })),
});

export const ServiceChangeEvents = z.object({
  change_events: z.array(
    ChangeEvent.extend({
      services: z.array(Reference).default([]),
      links: z.array(z.object({ href: z.string(), text: z.string().nullish() })).default([]),
    }),
  ),
  more: z.boolean().nullish(),
});

export const PagerDutyAlerts = z.object({
  alerts: z.array(
    z.object({
      id: z.string(),
      summary: z.string().nullish(),
      status: z.string().nullish(),
      severity: z.string().nullish(),
      created_at: z.string().nullish(),
      alert_key: z.string().nullish(),
    }),
  ),
});

export const LogEntries = z.object({
  log_entries: z.array(z.object({ type: z.string(), created_at: z.string().nullish(), summary: z.string().nullish() })),
});

export const PastIncidents = z.object({
  past_incidents: z.array(
    z.object({ incident: z.object({ id: z.string(), title: z.string().nullish(), created_at: z.string().nullish() }), score: z.number() }),
  ),
});

export const RelatedIncidents = z.object({
  related_incidents: z.array(
    z.object({
      incident: z.object({ id: z.string(), title: z.string().nullish(), status: z.string().nullish() }),
      relationships: z.array(z.object({ type: z.string() })).default([]),
    }),
  ),
});

export const ServiceAnswer = z.object({ service: z.object({ escalation_policy: Reference }) });
export const OnCalls = z.object({
  oncalls: z.array(z.object({ user: Reference, escalation_level: z.number().int() })),
});
export const UserAnswer = z.object({ user: z.object({ id: z.string() }) });
export const UsersAnswer = z.object({ users: z.array(z.object({ id: z.string(), email: z.string() })) });
