import { randomBytes } from 'node:crypto';
import type { Documents } from '../peer/database.ts';
import { notFound } from './problem.ts';
import { newIncident, newNote, reference } from './shapes.ts';
import type { Incident, LocalPagerDutyUser, Note, PagerDutyService, Reference, ResponderRequest, Status } from './types.ts';

export interface IncidentEvent {
  readonly type: string;
  readonly incident: Incident;
  readonly data: object;
  /** Who did it; null for automation. */
  readonly agent: Reference | null;
}

export interface Account {
  readonly documents: Documents;
  readonly services: readonly PagerDutyService[];
  origin(): string;
  /** Throws PagerDutyProblem 404. */
  incident(id: string): Incident;
  /** Oldest first. */
  incidents(): readonly Incident[];
  /** The open incident of that key, or a new one. */
  trigger(title: string, incidentKey: string, service: PagerDutyService, by?: string | null): { incident: Incident; created: boolean };
  /** `by`, here and in the others: e-mail of who does it; null for the account itself. */
  setStatus(incident: Incident, status: Status, by: string | null): Incident;
  addResponders(incident: Incident, request: NewResponderRequest): ResponderRequest;
  annotate(incident: Incident, content: string, by: string | null): Note;
  /** Any other event, without a change of what is kept. */
  tell(type: string, incident: Incident, data: object, by: string | null): void;
  notes(incident: Incident): readonly Note[];
  /** A new id as PagerDuty makes them: `Q` or `P` and 13 upper-case letters and digits. */
  newId(): string;
  /** The one who is on call comes first. */
  users(): readonly AccountUser[];
  /** Whoever has that e-mail; undefined for nobody. */
  userOf(email: string | null): AccountUser | undefined;
  user(): AccountUser;
}

export type AccountUser = Reference & { readonly name: string; readonly email: string };

export interface NewResponderRequest {
  readonly requester: AccountUser;
  readonly message: string;
  readonly targets: readonly { readonly id: string; readonly type: string }[];
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

function newId(): string {
  return `Q${[...randomBytes(13)].map((byte) => alphabet[byte % alphabet.length]).join('')}`;
}

interface AccountOptions {
  readonly documents: Documents;
  readonly services: readonly PagerDutyService[];
  readonly fromEmail: string;
  readonly users: readonly LocalPagerDutyUser[];
  readonly origin: () => string;
  readonly emit: (event: IncidentEvent) => void;
}

/** The state of one account. Every change is emitted for the webhooks. */
export function createAccount(options: AccountOptions): Account {
  const { documents, emit, origin } = options;
  const save = (incident: Incident) => documents.put('incident', incident.id, null, incident);
  const logEntry = (incident: Incident, type: string) => {
    const id = newId();
    const at = new Date().toISOString();
    documents.put('log_entry', id, incident.id, {
      ...reference(type, id, type.replaceAll('_', ' '), origin()),
      created_at: at,
      incident: reference('incident_reference', incident.id, incident.summary, origin()),
    });
  };
  const incidents = () => documents.list<Incident>('incident');
  const accountUser = ({ id, name, email }: LocalPagerDutyUser): AccountUser => ({ ...reference('user', id, name, origin()), name, email });
  const user = () => accountUser({ id: 'PUSER01', name: 'On call', email: options.fromEmail });
  const users = () => [user(), ...options.users.map(accountUser)];
  const userOf = (email: string | null) => users().find((known) => known.email === email);
  const agentOf = (by: string | null) => {
    const agent = userOf(by);
    return agent === undefined ? null : referenceTo(agent);
  };
  return {
    documents,
    services: options.services,
    origin,
    newId,
    incidents,
    incident: (id) => {
      const found = documents.get<Incident>('incident', id);
      if (found === undefined) throw notFound();
      return found;
    },
    trigger: (title, incidentKey, service, by = null) => {
      const open = incidents().find((candidate) => candidate.incident_key === incidentKey && candidate.status !== 'resolved');
      if (open !== undefined) return { incident: open, created: false };
      const incident = newIncident({
        id: newId(),
        number: incidents().length + 1,
        title,
        incidentKey,
        service,
        origin: origin(),
        at: new Date().toISOString(),
      });
      save(incident);
      logEntry(incident, 'trigger_log_entry');
      emit({ type: 'incident.triggered', incident, data: webhookIncident(incident), agent: agentOf(by) });
      return { incident, created: true };
    },
    setStatus: (incident, status, by) => {
      const at = new Date().toISOString();
      const counts = status === 'resolved' ? { all: 1, triggered: 0, resolved: 1 } : incident.alert_counts;
      const changed = {
        ...incident,
        status,
        updated_at: at,
        last_status_change_at: at,
        alert_counts: counts,
        acknowledgements: status === 'acknowledged' ? [{ at, acknowledger: referenceTo(userOf(by) ?? user()) }] : [],
        ...(status === 'resolved' ? { resolved_at: at } : {}),
      };
      save(changed);
      logEntry(changed, status === 'resolved' ? 'resolve_log_entry' : 'acknowledge_log_entry');
      emit({ type: eventOf(incident.status, status), incident: changed, data: webhookIncident(changed), agent: agentOf(by) });
      return changed;
    },
    annotate: (incident, content, by) => {
      const note = newNote(newId(), content, new Date().toISOString(), origin());
      documents.put('note', note.id, incident.id, note);
      logEntry(incident, 'annotate_log_entry');
      const data = {
        type: 'incident_note',
        id: note.id,
        content,
        trimmed: false,
        incident: reference('incident_reference', incident.id, incident.summary, origin()),
      };
      emit({ type: 'incident.annotated', incident, data, agent: agentOf(by) });
      return note;
    },
    tell: (type, incident, data, by) => emit({ type, incident, data: { ...webhookIncident(incident), ...data }, agent: agentOf(by) }),
    notes: (incident) => documents.list<Note>('note', incident.id),
    addResponders: (incident, { requester, message, targets }) => {
      const request: ResponderRequest = {
        id: newId(),
        incident: reference('incident_reference', incident.id, incident.summary, origin()),
        requester: referenceTo(requester),
        requested_at: new Date().toISOString(),
        message,
        responder_request_targets: targets.map((target) => ({ responder_request_target: target })),
      };
      save({ ...incident, responder_requests: [...(incident.responder_requests ?? []), request] });
      return request;
    },
    users,
    userOf,
    user,
  };
}

function referenceTo({ name: _name, email: _email, ...user }: AccountUser): Reference {
  return { ...user, type: 'user_reference' };
}

function eventOf(before: Status, after: Status): string {
  if (after === 'triggered') return before === 'resolved' ? 'incident.reopened' : 'incident.unacknowledged';
  return `incident.${after}`;
}

/** Webhooks name some fields otherwise than REST does. */
function webhookIncident(incident: Incident): object {
  const { incident_number, assignments, responder_requests: _requests, ...rest } = incident;
  return { ...rest, number: incident_number, assignees: assignments.map((assignment) => assignment.assignee) };
}
