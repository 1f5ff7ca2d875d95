import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Links } from '../../blocks/links.ts';
import type { SiteRunners } from '../../blocks/runners.ts';
import type { NameOf, ShownFile } from '../../blocks/shown-plan.ts';
import type { Incident } from '../../workflows/contracts/incident.ts';
import type { Plan } from '../../workflows/contracts/plan.ts';
import type { StoredPlan } from '../../workflows/ports.ts';
import type { Invitations } from '../identity/invitations.ts';
import type { Directory, Member } from '../people.ts';
import type { Incidents, Intake, VoteChoices, Votes } from '../ports.ts';
import type { Accounts, NoMember, SlackUser } from '../slack/accounts.ts';
import type { SlackIdentity } from '../slack/identity.ts';
import type { Poster } from '../slack/poster.ts';

/** What listeners read of the system of record. */
export interface SlackReads {
  plan(id: string): Promise<StoredPlan | null>;
  incident(id: string): Promise<Incident | null>;
  openIncidents(): Promise<readonly Incident[]>;
  pendingPlans(): Promise<readonly StoredPlan[]>;
  siteRunners(): Promise<readonly SiteRunners[]>;
}

export type { SlackUser } from '../slack/accounts.ts';

/** Somebody was turned away at the door, before anything else looked at the request. */
export interface Refused {
  readonly who: SlackUser;
  readonly what: 'mention' | 'vote' | 'cancel' | 'command' | 'investigate' | 'feedback';
  /** `unmapped`: nobody knows whose account it is. */
  readonly code: NoMember | 'shared_channel' | 'unmapped';
}

export interface Feedback {
  readonly who: SlackUser;
  readonly incidentId: string;
  readonly verdict: 'up' | 'down';
}

export interface ListenerPorts {
  readonly intake: Intake;
  readonly votes: Votes & VoteChoices;
  readonly incidents: Incidents;
  readonly reads: SlackReads;
  readonly poster: Poster;
  readonly directory: Pick<Directory, 'of'>;
  readonly invitations: Invitations;
  readonly nameOf: NameOf;
  readonly links: Links;
  readonly redact: (text: string) => string;
  readonly log: Logger;
  /** The whole diffs of a plan that are files, by step id. */
  readonly filesOf: (plan: Plan) => Promise<ReadonlyMap<string, ShownFile>>;
  /** Brings the card of a plan up to date. */
  readonly refreshCard: (planId: string) => Promise<void>;
  readonly onFeedback: (feedback: Feedback) => Promise<void>;
  /** Audits a refusal. */
  readonly onRefused: (refused: Refused) => Promise<void>;
}

export interface ListenerContext extends ListenerPorts {
  readonly client: WebClient;
  readonly identity: () => Promise<SlackIdentity>;
  readonly accounts: Accounts;
}

export function personOf({ directory }: Pick<ListenerContext, 'directory'>, who: SlackUser): Promise<Member | null> {
  return directory.of({ kind: 'slack', ...who });
}
