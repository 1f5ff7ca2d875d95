import type { Scope } from '../correlation/scope.ts';
import type { Kind } from '../mirrors/kinds.ts';
import type { Alert, AlertSource, AlertStatus, JoinedBy } from '../store/alerts.ts';
import type { Actor } from '../store/audit.ts';
import type { Tx } from '../store/sql.ts';

/** An alert as a sender's event or API tells it. Words are not redacted yet. */
export interface IncomingAlert {
  readonly source: AlertSource;
  /** What the sender calls it. */
  readonly externalId: string;
  /** Equal for what fires again. */
  readonly fingerprint: string;
  readonly scope: Scope;
  readonly labels: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
  readonly severity: string | null;
  readonly urgency: 'high' | 'low';
  readonly title: string;
  /** For the incident that it opens. */
  readonly text: string;
  readonly url: string | null;
  readonly status: AlertStatus;
  readonly statusAt: Date;
  readonly startsAt: Date;
  /** Whether the status is newer than the one that is kept. */
  supersedes(kept: Alert): boolean;
  /** Id of an incident of ours for which our own mirror opened it; null otherwise. */
  readonly ownIncident: string | null;
  /** The alert that it was merged into; null otherwise. */
  readonly mergedInto: string | null;
}

/** Where an alert was found to belong. */
export interface Placed {
  readonly incidentId: string;
  /** `known`: it was there before. */
  readonly how: 'opened' | 'reopened' | 'joined' | 'known';
  readonly by: JoinedBy;
}

/** What is recorded of an event about an alert. */
export interface Report {
  /** Unique per source. */
  readonly eventId: string;
  /** It is recorded even where it changes nothing, once per id. */
  readonly once: boolean;
  /** e.g. `pagerduty.acknowledged`. */
  readonly kind: Kind;
  readonly at: Date;
  readonly actor: Actor;
  readonly ids: Readonly<Record<string, string | number | null>>;
  readonly words: Readonly<Record<string, unknown>>;
  /** What the thread is told of it; null for nothing. Not redacted yet. */
  line(placed: Placed): string | null;
}

/** Runs `work` in a transaction of its own. */
export type Transaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
