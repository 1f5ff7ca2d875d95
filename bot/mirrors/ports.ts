import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { Plan } from '../../workflows/contracts/plan.ts';

export type Sink = 'linear' | 'pagerduty';

/** A decision on its way to one sink. `body` is read defensively: what is missing is left out of the text. */
export interface OutboxRow {
  readonly id: number;
  readonly decisionId: string;
  readonly sink: Sink;
  readonly incidentId: string;
  /** e.g. `plan.approved`. */
  readonly kind: string;
  readonly body: {
    readonly at: string;
    readonly actor: { readonly kind: string; readonly id: string };
    readonly planId: string | null;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly traceparent: string | null;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: string;
}

/** Durable queue. A row is leased only when it is the first pending one of its incident and sink. */
export interface Outbox {
  lease(sink: Sink, limit: number, seconds?: number): Promise<readonly OutboxRow[]>;
  sent(id: number, peerId: string | null): Promise<void>;
  failed(id: number, error: string, nextAt: Date): Promise<void>;
  refused(id: number, error: string): Promise<void>;
}

export interface MirrorLink {
  readonly incidentId: string;
  readonly sink: Sink;
  readonly externalId: string;
  readonly url: string | null;
}

export interface MirrorStore {
  readonly outbox: Outbox;
  readonly mirrorLinks: { put(link: MirrorLink): Promise<void>; list(incidentId: string): Promise<readonly MirrorLink[]> };
  readonly incidents: { get(id: string): Promise<Incident> };
  readonly plans: { get(id: string): Promise<{ readonly plan: Plan }> };
  /** A hint that rows came in; rows are looked for every second as well. */
  readonly onNotify?: (listener: (queue: 'inbox' | 'outbox') => void) => { close(): Promise<void> };
}

export interface LinearIssue {
  readonly id: string;
  readonly url: string;
  readonly labelIds: readonly string[];
}

export interface NewLinearIssue {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
}

export type LinearStateType = 'unstarted' | 'started' | 'completed' | 'canceled';

/** What of Linear a mirror needs. Every method throws a PeerError. */
export interface LinearPort {
  /** Null when there is none. */
  issue(id: string): Promise<LinearIssue | null>;
  /** Creates it unless an issue of that id exists. */
  ensureIssue(issue: NewLinearIssue): Promise<LinearIssue>;
  /** Creates it unless a comment of that id exists. */
  ensureComment(comment: { readonly id: string; readonly issueId: string; readonly body: string }): Promise<void>;
  /** The URL is the key: a repeated call updates. */
  attach(issueId: string, title: string, url: string): Promise<void>;
  /** Ids of labels by name; those that the team lacks are created. */
  labelIds(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  relabel(issueId: string, added: readonly string[], removed: readonly string[]): Promise<void>;
  setState(issueId: string, type: LinearStateType): Promise<void>;
}

/** What of PagerDuty a mirror needs. Every method throws a PeerError. */
export interface PagerDutyPort {
  /** Texts of an incident's notes. */
  notes(incidentId: string): Promise<readonly string[]>;
  /** Answers the note's id. */
  addNote(incidentId: string, content: string): Promise<string>;
  /** The incident of a deduplication key; null while there is none. */
  find(dedupKey: string): Promise<{ readonly id: string; readonly url: string } | null>;
  /** Events v2. Idempotent by its key. Null: the mirror opens no incidents. */
  readonly events: {
    trigger(dedupKey: string, summary: string, source: string, link: string | null): Promise<void>;
    resolve(dedupKey: string): Promise<void>;
  } | null;
}

export interface MirrorLinks {
  /** Address of a thread in Slack; null where none can be given. */
  slackThread(thread: SlackThread): string | null;
}
