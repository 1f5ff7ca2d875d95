import type { Incident, SlackThread } from '../../workflows/contracts/incident.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Postmortem } from '../postmortem/model.ts';
import type { Peer, Sink } from './routes.ts';

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
  /** When an earlier attempt began whose effect cannot be looked up. */
  readonly maybeSentAt: string | null;
}

/** Rows that become one message, in their order. The same rows at every attempt. */
export interface Batch {
  /** Decision ids of the first and the last row. */
  readonly key: string;
  readonly rows: readonly [OutboxRow, ...OutboxRow[]];
}

/** Durable queue. A message is leased only when it is the first pending one of its incident and sink. */
export interface Outbox {
  lease(sink: Sink, limit: number, seconds?: number): Promise<readonly Batch[]>;
  sent(ids: readonly number[], peerId: string | null): Promise<void>;
  /** Before a call that cannot be looked up afterwards; null takes it back. */
  maybeSent(ids: readonly number[], at: Date | null): Promise<void>;
  failed(ids: readonly number[], error: string, nextAt: Date): Promise<void>;
  refused(ids: readonly number[], error: string): Promise<void>;
}

export interface MirrorLink {
  readonly incidentId: string;
  readonly sink: Peer;
  readonly externalId: string;
  readonly url: string | null;
}

type Told = 'opened' | 'closed';

export interface KeptLink extends MirrorLink {
  /** What a page beside the primary one was told last. */
  readonly told: Told | null;
}

export interface MirrorStore {
  readonly outbox: Outbox;
  readonly mirrorLinks: {
    put(link: MirrorLink): Promise<void>;
    told(link: MirrorLink, told: Told): Promise<void>;
    list(incidentId: string): Promise<readonly KeptLink[]>;
  };
  readonly incidents: { get(id: string): Promise<Incident> };
  readonly plans: { get(id: string): Promise<StoredPlan> };
  /** Ids of the agent sessions of an incident. */
  readonly linearSessions: { of(incidentId: string): Promise<readonly string[]> };
  /** A hint that rows came in; rows are looked for every second as well. */
  readonly onNotify?: (listener: (queue: 'inbox' | 'outbox') => void) => { close(): Promise<void> };
}

/** Of an incident, as it stands now. Throws what the store throws. */
export type PostmortemOf = (incidentId: string) => Promise<Postmortem>;

/** Addresses; null where none can be given. */
export interface MirrorLinks {
  slackThread(thread: SlackThread): string | null;
  incident(id: string): string | null;
  plan(id: string): string | null;
  observation(id: string): string | null;
}
