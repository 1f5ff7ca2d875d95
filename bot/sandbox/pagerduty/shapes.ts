import type { Incident, Note, PagerDutyService, Reference } from './types.ts';

export function reference(type: string, id: string, summary: string, origin: string): Reference {
  const path = type.replace(/_reference$/, 's');
  return { id, type, summary, self: `${origin}/${path}/${id}`, html_url: `${origin}/${path}/${id}` };
}

export interface NewIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly incidentKey: string;
  readonly service: PagerDutyService;
  readonly origin: string;
  readonly at: string;
}

/** An incident as REST v2 shows it, just triggered. */
export function newIncident(from: NewIncident): Incident {
  const { id, origin, at, service } = from;
  const policy = reference('escalation_policy_reference', 'PPOLICY1', 'Default', origin);
  return {
    id,
    type: 'incident',
    summary: `[#${from.number}] ${from.title}`,
    self: `${origin}/incidents/${id}`,
    html_url: `${origin}/incidents/${id}`,
    incident_number: from.number,
    title: from.title,
    created_at: at,
    updated_at: at,
    status: 'triggered',
    incident_key: from.incidentKey,
    service: reference('service_reference', service.id, service.name, origin),
    assignments: [{ at, assignee: reference('user_reference', 'PUSER01', 'On call', origin) }],
    assigned_via: 'escalation_policy',
    last_status_change_at: at,
    first_trigger_log_entry: reference('trigger_log_entry_reference', `R${id.slice(1)}`, 'Triggered', origin),
    alert_counts: { all: 1, triggered: 1, resolved: 0 },
    is_mergeable: true,
    incident_type: { name: 'incident_default' },
    escalation_policy: policy,
    teams: [],
    pending_actions: [],
    acknowledgements: [],
    responder_requests: [],
    last_status_change_by: reference('service_reference', service.id, service.name, origin),
    urgency: 'high',
  };
}

export function newNote(id: string, content: string, at: string, origin: string): Note {
  return {
    id,
    user: reference('user_reference', 'PUSER01', 'On call', origin),
    channel: { summary: 'The PagerDuty website or APIs' },
    content,
    created_at: at,
    updated_at: at,
  };
}
