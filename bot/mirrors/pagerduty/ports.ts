/** An incident of PagerDuty's, as far as it matters here. */
export interface Page {
  readonly id: string;
  readonly url: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly serviceId: string;
  readonly escalationPolicyId: string;
  /** Messages of the requests for responders that were made so far. */
  readonly responderMessages: readonly string[];
}

export interface OnCall {
  readonly userId: string;
  readonly name: string;
  /** 1: asked first. */
  readonly level: number;
}

export interface ResponderTarget {
  readonly id: string;
  readonly type: 'user_reference' | 'escalation_policy_reference';
}

export interface ChangeEvent {
  /** Decision id, by which it is found again. */
  readonly key: string;
  readonly summary: string;
  readonly source: string;
  readonly at: string;
  readonly details: Readonly<Record<string, string>>;
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

/** What of PagerDuty a mirror needs. Every method throws PeerUnavailable or PeerRefused. */
export interface PagerDutyPort {
  /** The account in whose name the mirror writes. */
  readonly fromEmail: string;
  /** Texts of an incident's notes. */
  notes(incidentId: string): Promise<readonly string[]>;
  /** Answers the note's id. */
  addNote(incidentId: string, content: string): Promise<string>;
  /** The incident of a deduplication key; null while there is none. */
  find(dedupKey: string): Promise<{ readonly id: string; readonly url: string } | null>;
  page(incidentId: string): Promise<Page>;
  setStatus(incidentId: string, status: 'acknowledged' | 'resolved', from: string): Promise<void>;
  /** Told to the incident's subscribers. Cannot be looked up afterwards. Answers its id. */
  statusUpdate(incidentId: string, message: string): Promise<string>;
  /** Id of the user with that e-mail; null when there is none. */
  userId(email: string): Promise<string | null>;
  /** Who is on call for a service now, by level. */
  onCall(serviceId: string): Promise<readonly OnCall[]>;
  /** Adds people to an incident, which notifies them. */
  requestResponders(incidentId: string, requesterId: string, message: string, targets: readonly ResponderTarget[]): Promise<void>;
  /** Keys of our change events since then. */
  changeKeys(since: Date): Promise<readonly string[]>;
  /** Events v2. Null: no routing key, so no incident is opened and no change event sent. */
  readonly events: {
    /** Idempotent by its key, as is `resolve`. */
    trigger(dedupKey: string, summary: string, source: string, link: string | null): Promise<void>;
    resolve(dedupKey: string): Promise<void>;
    change(event: ChangeEvent): Promise<void>;
  } | null;
}
