import type { z } from 'zod';
import type { ToolAnswer, ToolCall } from '../tools/contract.ts';
import type { Reader } from '../workflows/activities/reads.ts';
import type { Incident } from '../workflows/contracts/incident.ts';
import type { Verdict, VoteChannel, VotePlace } from '../workflows/contracts/plan.ts';
import type { AlertGroup } from './alertmanager/group.ts';
import type { PageEvent } from './pagerduty/event.ts';
import type { Actor } from './store/audit.ts';

/** Where a person's message stands in Slack. Ids only. */
export interface SlackOrigin {
  readonly team: string;
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs: string | null;
}

/** What arrives from outside, stored durably before it is acknowledged. `dedupeKey` is unique per source. */
export type InboxEvent =
  | {
      readonly kind: 'slack.mention';
      readonly dedupeKey: string;
      readonly origin: SlackOrigin;
      readonly text: string;
      readonly direct: boolean;
    }
  | { readonly kind: 'slack.investigate'; readonly dedupeKey: string; readonly origin: SlackOrigin; readonly text: string }
  /** Somebody changed the labels of an issue. The issue and its history are read again: what the webhook says decides nothing. */
  | { readonly kind: 'linear.labels'; readonly dedupeKey: string; readonly issueId: string }
  /** Somebody mentioned the app in Linear, or delegated an issue to it. `creator`: null for an automation. */
  | {
      readonly kind: 'linear.session';
      readonly dedupeKey: string;
      readonly sessionId: string;
      readonly issueId: string | null;
      readonly creator: string | null;
      /** The first line is the issue's title. */
      readonly text: string;
    }
  /** Somebody went on in a session, or stopped it. */
  | {
      readonly kind: 'linear.prompt';
      readonly dedupeKey: string;
      readonly sessionId: string;
      readonly user: string | null;
      readonly stop: boolean;
    }
  | { readonly kind: 'api.incident'; readonly dedupeKey: string; readonly incidentId: string }
  /** A webhook of PagerDuty. `deliveryId` is repeated on every attempt; either id seen before is the same event. */
  | { readonly kind: 'pagerduty.event'; readonly dedupeKey: string; readonly deliveryId: string; readonly event: PageEvent }
  /** A notification of Alertmanager: the alerts of one group, and the service token with which it came. */
  | { readonly kind: 'alertmanager.group'; readonly dedupeKey: string; readonly tokenId: string; readonly group: AlertGroup }
  /** An alert opened an incident, or (`again`) opened a closed one again. Written in the transaction of that. */
  | { readonly kind: 'alerts.opened'; readonly dedupeKey: string; readonly incidentId: string; readonly again: boolean }
  /** The thread is to show the incident's alerts again. */
  | { readonly kind: 'alerts.board'; readonly dedupeKey: string; readonly incidentId: string }
  /** The workflow must look again: a vote was recorded, a cancellation asked for, or its alerts are over. Written in the transaction of that change. */
  | { readonly kind: 'wake'; readonly dedupeKey: string; readonly incidentId: string; readonly reason: 'vote' | 'cancel' | 'message' };

export interface Intake {
  /** Resolves after the commit: true when new, false when seen before. Handling goes on in the background. Throws StoreUnavailable. */
  receive(event: InboxEvent): Promise<boolean>;
}

/** Who answers: an identity of a system, mapped to a person here and nowhere else. */
export type VoterIdentity =
  | { readonly kind: 'slack'; readonly team: string; readonly user: string }
  | { readonly kind: 'linear'; readonly user: string }
  | { readonly kind: 'pagerduty'; readonly user: string }
  | { readonly kind: 'oidc'; readonly subject: string }
  | { readonly kind: 'service_token'; readonly tokenId: string };

export interface VoteRequest {
  readonly who: VoterIdentity;
  readonly planId: string;
  readonly requestHash: string;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly channel: z.infer<typeof VoteChannel>;
  /** `elsewhere` unless it is given: said in the incident's thread. */
  readonly place?: VotePlace;
}

export type VoteOutcome =
  | {
      readonly kind: 'recorded';
      readonly person: string;
      readonly approvals: number;
      readonly needed: number;
      /** What is still missing, in words; null once it is decided. */
      readonly missing: string | null;
      readonly decided: 'approved' | 'rejected' | 'changes_requested' | null;
    }
  /** The same person said the same before. */
  | { readonly kind: 'repeated'; readonly person: string }
  /** Words for the person; audited. */
  | {
      readonly kind: 'refused';
      readonly code: 'unknown_person' | 'not_allowed' | 'stale' | 'settled' | 'expired' | 'unknown_plan';
      readonly message: string;
    };

/** The one vote path: who is it → may they (Rego) → record (unique per person) → wake the workflow. */
export interface Votes {
  cast(request: VoteRequest): Promise<VoteOutcome>;
}

export interface BreakGlassRequest {
  readonly who: VoterIdentity;
  /** Milliseconds since the epoch: when the person last proved who they are (OIDC `auth_time`); null: not known. */
  readonly loginMs: number | null;
  readonly planId: string;
  /** What the person has read; null: the plan's id stands for it, since plans do not change. */
  readonly requestHash: string | null;
  readonly reason: string;
  readonly minutes: number;
  readonly channel: 'api' | 'cli' | 'web';
}

export type BreakGlassOutcome =
  | { readonly kind: 'broken'; readonly person: string; readonly until: string }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown_person' | 'not_allowed' | 'stale' | 'settled' | 'expired' | 'unknown_plan';
      readonly message: string;
    };

export interface ReviewRequest {
  readonly who: VoterIdentity;
  readonly planId: string;
  readonly verdict: 'justified' | 'not_justified';
  readonly note: string;
}

export type ReviewOutcome =
  | { readonly kind: 'reviewed'; readonly by: string; readonly at: string }
  | { readonly kind: 'refused'; readonly code: 'not_allowed' | 'not_used' | 'settled' | 'unknown_plan'; readonly message: string };

/** Running a request without its quorum, and the review that is due afterwards. Every use and refusal is audited. */
export interface BreakGlassPort {
  open(request: BreakGlassRequest): Promise<BreakGlassOutcome>;
  review(request: ReviewRequest): Promise<ReviewOutcome>;
}

/** For those who offer buttons. */
export interface VoteChoices {
  /** The answers of this person that would be recorded now; none for a plan that is unknown, settled or answered. Records nothing. */
  choices(who: VoterIdentity, planId: string): Promise<readonly Verdict[]>;
}

export interface OpenIncident {
  readonly title: string;
  readonly text: string;
  readonly service: string | null;
  readonly site: string | null;
  readonly requester: string | null;
  /** Whoever else counts as a requester. */
  readonly coRequesters?: readonly string[];
  readonly source: Incident['source'];
  /** Who opens it, where that is not the requester. */
  readonly by?: Actor;
}

/** Opening and cancelling, for every way in. */
export interface Incidents {
  /** Stores the incident and its inbox event in one transaction. */
  open(request: OpenIncident): Promise<Incident>;
  /** `by`: the id of a person, or whoever else it is. Answers false when it is closed already. */
  cancel(incidentId: string, by: string | Actor): Promise<boolean>;
}

export interface ReadRequest {
  readonly by: Actor;
  /** The same, as policy is asked about it. */
  readonly reader: Reader;
  /** Whose evidence it becomes; null: nobody's. */
  readonly incidentId: string | null;
  readonly site: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

export type ReadOutcome =
  | { readonly kind: 'answered'; readonly answer: ToolAnswer }
  | {
      readonly kind: 'refused';
      readonly code: 'unknown_operation' | 'not_a_read' | 'unknown_site' | 'bad_input' | 'denied';
      readonly message: string;
      /** RFC 6901 pointers into the request. */
      readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
    };

/** Operations of tier read that somebody asks for by themselves: policy is asked, the call is audited, then it runs. */
export interface Reads {
  /** Throws NotFound for an incident that there is not. */
  read(request: ReadRequest): Promise<ReadOutcome>;
}

/** Brings a call to the runner of its site. Expected failures are answers. */
export type CarryCall = (call: ToolCall) => Promise<ToolAnswer>;
