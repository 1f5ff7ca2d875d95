export interface Reference {
  readonly id: string;
  readonly type: string;
  readonly summary: string;
  readonly self: string;
  readonly html_url: string;
}

export type Status = 'triggered' | 'acknowledged' | 'resolved';

export interface Incident {
  readonly id: string;
  readonly type: 'incident';
  readonly summary: string;
  readonly self: string;
  readonly html_url: string;
  readonly incident_number: number;
  readonly title: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly status: Status;
  readonly incident_key: string;
  readonly service: Reference;
  readonly assignments: readonly { readonly at: string; readonly assignee: Reference }[];
  readonly assigned_via: 'escalation_policy';
  readonly last_status_change_at: string;
  readonly resolved_at?: string;
  readonly first_trigger_log_entry: Reference;
  readonly alert_counts: { readonly all: number; readonly triggered: number; readonly resolved: number };
  readonly is_mergeable: boolean;
  readonly incident_type: { readonly name: string };
  readonly escalation_policy: Reference;
  readonly teams: readonly Reference[];
  readonly pending_actions: readonly { readonly type: string; readonly at: string }[];
  readonly acknowledgements: readonly { readonly at: string; readonly acknowledger: Reference }[];
  readonly responder_requests?: readonly ResponderRequest[];
  readonly last_status_change_by: Reference;
  readonly urgency: 'high' | 'low';
}

export interface ResponderRequest {
  readonly id: string;
  readonly incident: Reference;
  readonly requester: Reference;
  readonly requested_at: string;
  readonly message: string;
  readonly responder_request_targets: readonly { readonly responder_request_target: { readonly id: string; readonly type: string } }[];
}

/** A user of the account. */
export interface LocalPagerDutyUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface Note {
  readonly id: string;
  readonly user: Reference;
  readonly channel: { readonly summary: string };
  readonly content: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface PagerDutyService {
  readonly id: string;
  readonly name: string;
}

export interface Subscription {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[];
  readonly description: string;
  readonly filter: { readonly type: string; readonly id?: string };
  readonly active: boolean;
}

/** What was asked and answered, for checks against the published contract. */
export interface Exchange {
  readonly method: string;
  /** Path as in the published contract, e.g. `/incidents/{id}/notes`. */
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly response: unknown;
}
