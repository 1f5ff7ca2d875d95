import type { Observation } from '../tools/contract.ts';
import type { Stop } from './contracts/activities.ts';
import type { Finding } from './contracts/finding.ts';
import type { Incident, IncidentState, Outcome, SlackThread } from './contracts/incident.ts';
import type { Memory, Similar } from './contracts/memory.ts';
import type { BreakGlass, Plan, PlanState, StepRecord, Vote } from './contracts/plan.ts';
import type { GitOps } from './gitops/contract.ts';
import type { RequestEvent } from './request-state.ts';

/** What activities need of the system of record. Every change writes its audit entry and its outbox rows in the same transaction. */
export interface IncidentStore {
  /** Throws NotFound. */
  get(id: string): Promise<Incident>;
  transition(id: string, state: Exclude<IncidentState, 'closed'>): Promise<void>;
  /** Idempotent: the first outcome stays. */
  close(id: string, outcome: Outcome, summary: string): Promise<Incident>;
  setThread(id: string, thread: SlackThread): Promise<void>;
  /** From here on these people count as requesters too. Idempotent. */
  addRequesters(id: string, people: readonly string[]): Promise<void>;
}

/** Second looks at incidents that alerts went on joining. */
export interface LookStore {
  /** Takes the alerts that were not looked into; null: there are none, or the incident is past it. Idempotent by number. */
  begin(incidentId: string, number: number): Promise<{ readonly alerts: number; readonly services: readonly string[] } | null>;
}

export interface ObservationStore {
  /** Content-addressed and idempotent; answers the id (SHA-256 of the RFC 8785 form). */
  put(observation: Observation): Promise<string>;
  /** Throws NotFound. */
  get(id: string): Promise<Observation>;
  listForIncident(incidentId: string): Promise<readonly { id: string; operation: string; status: 'ok' | 'error' }[]>;
}

export interface FindingStore {
  /** Replaces nothing: findings of an incident accumulate; the id makes it idempotent. */
  save(incidentId: string, findings: readonly Finding[]): Promise<void>;
  listForIncident(incidentId: string): Promise<readonly Finding[]>;
}

export interface StoredPlan {
  readonly plan: Plan;
  readonly requestHash: string;
  readonly state: PlanState;
  readonly votes: readonly Vote[];
  readonly steps: readonly StepRecord[];
  /** Null: nobody took it upon themselves. */
  readonly breakGlass: BreakGlass | null;
}

/** A policy decision as recorded: what was asked, what was answered, under which bundle. Null: there is no incident, plan or step (yet). */
export interface DecisionRecord {
  readonly incidentId: string | null;
  readonly planId: string | null;
  readonly stepId: string | null;
  readonly bundle: string;
  readonly input: unknown;
  readonly result: { readonly verdict: string; readonly reasons: readonly string[] };
}

/** Incidents of before. What it answers is shown, and decides nothing. */
export interface MemoryStore {
  /** Redacted here. Once per end of an incident; what is too old is forgotten. */
  remember(memory: Memory): Promise<void>;
  /** The most similar first, at most three. */
  similar(incidentId: string): Promise<readonly Similar[]>;
}

export interface DecisionStore {
  /** Those that change no state by themselves, e.g. about reads, or before a step. All of them, or none. */
  record(decisions: readonly DecisionRecord[]): Promise<void>;
}

export interface PlanStore {
  /** Stores the plan with the policy decision that judged it, supersedes the incident's earlier pending plans. Idempotent by plan id. */
  save(plan: Plan, requestHash: string, decision: DecisionRecord): Promise<void>;
  /** Throws NotFound. */
  get(id: string): Promise<StoredPlan>;
  listForIncident(incidentId: string): Promise<readonly StoredPlan[]>;
  /** The state that the plan is in now because of the event; null, and nothing changed, where the event has no effect (request-state.ts). */
  settle(id: string, event: RequestEvent, reason: string): Promise<PlanState | null>;
  recordStep(record: StepRecord): Promise<void>;
  /** Keeps an issued grant (its claims, not its signature) so that a runner can claim it once. */
  issueGrant(claims: {
    jti: string;
    planId: string;
    stepId: string;
    site: string;
    operation: string;
    inputSha256: string;
    exp: number;
  }): Promise<void>;
  /** Uses a grant up; false when it was claimed before. */
  burnGrant(jti: string): Promise<boolean>;
  /** Writes that runners claimed in the last hour. */
  writesLastHour(): Promise<number>;
}

export interface ProbeProgress {
  readonly title: string;
  readonly state: 'pending' | 'running' | 'done' | 'failed';
  readonly detail?: string;
  /** Shown as one line with the others of it. */
  readonly group?: string;
}

/** One message per investigation, updated in place. */
export interface Progress {
  /** 0 for the first investigation of an incident; each has a message of its own. */
  readonly round: number;
  readonly headline: string;
  readonly tasks: readonly ProbeProgress[];
}

/** A request that still waits, and for whom. */
export interface Reminder {
  /** At half time, and shortly before the end: once each. */
  readonly key: 'half' | 'last';
  readonly minutesLeft: number;
  /** Approvals that are still missing. */
  readonly missing: number;
  /** Groups from which some of these have to come, with how many. */
  readonly lacking: readonly { readonly group: string; readonly missing: number }[];
  /** Ids of the people who may give them and have not answered yet. */
  readonly people: readonly string[];
}

/**
 * The conversation. Every method is idempotent by its natural key (a repeated call updates, never posts twice), escapes text from outside,
 * redacts, and succeeds quietly when Slack is off.
 */
export interface Chat {
  /** Makes sure that the incident has a thread: opens one in the service's channel where it has none. */
  openThread(incident: Incident): Promise<void>;
  progress(incident: Incident, progress: Progress): Promise<void>;
  /** `round`: each investigation of an incident has a message of its own. `similar`: shown below, and apart. */
  findings(
    incident: Incident,
    round: number,
    findings: readonly Finding[],
    gaps: readonly string[],
    similar?: readonly Similar[],
  ): Promise<void>;
  /** Posts the card of a plan, or updates it and its copies to the present state; a settled plan's card has no buttons. */
  card(incident: Incident, stored: StoredPlan): Promise<void>;
  /** Mentions those people in the thread, and sends each the card as a direct message. Once per plan and key. */
  remind(incident: Incident, stored: StoredPlan, reminder: Reminder): Promise<void>;
  /** Why the change of a plan stopped before anything was changed. Posted once per plan. */
  stopped(incident: Incident, planId: string, stop: Stop): Promise<void>;
  /** Tells those people in the thread that the plan runs by break-glass. Once per plan. */
  alarm(incident: Incident, stored: StoredPlan, people: readonly string[]): Promise<void>;
  /** A short message in the thread, posted once per key. */
  say(incident: Incident, key: string, text: string): Promise<void>;
  result(incident: Incident, summary: string, stored: StoredPlan | null): Promise<void>;
}

/** What configuration says of the estate. */
export interface Estate {
  readonly sites: readonly {
    readonly name: string;
    readonly environment: string;
    /** Names of those that it has, as operations begin with them. */
    readonly systems: readonly string[];
    /** Of GitHub, where it names exactly one. */
    readonly repository?: string;
  }[];
  readonly services: readonly {
    readonly name: string;
    readonly site: string;
    readonly namespace: string;
    readonly owners: readonly string[];
    readonly errorRateQuery: string | null;
    readonly errorRateLimit: number;
    readonly verifyWithinSeconds: number;
    readonly channel: string | null;
    /** Its `service.name` in traces. Unset: its name. */
    readonly traces?: string;
    /** Panels of Grafana that show how it is. */
    readonly panels?: { readonly dashboard: string; readonly panels: readonly number[] };
    /** Its id in PagerDuty; unset as well where PagerDuty cannot be read. */
    readonly pagerduty?: string;
    /** Where Git says what it is; unset: nothing is known of that. */
    readonly gitops?: GitOps;
  }[];
  readonly people: readonly {
    readonly id: string;
    readonly name: string;
    readonly roles: readonly string[];
    /** Groups that they belong to, `owners:SERVICE` among them. */
    readonly groups: readonly string[];
  }[];
}

export interface PageRequest {
  readonly incidentId: string;
  readonly planId: string | null;
  /** What it is about: the same one pages once. */
  readonly key: string;
  /** Whoever is on call for the incident's service, or everybody whom configuration maps to PagerDuty. */
  readonly targets: 'on_call' | 'everybody';
  readonly message: string;
}

/** Calls people out of bed. Durable: what is asked for is done as soon as PagerDuty can be reached. */
export interface Pages {
  /** Once per key. Throws NotFound. */
  page(request: PageRequest): Promise<void>;
}

/** Whether somebody who voted is still one of us: asked anew just before what they decided happens. */
export interface Membership {
  /**
   * `person` is an id; `kind` is the kind of account through which they voted. `refused` says why they do not count any more, in words.
   * `unavailable`: nobody could be asked. Throws StoreUnavailable.
   */
  check(person: string, kind: 'slack' | 'linear' | 'pagerduty' | 'oidc'): Promise<'member' | { readonly refused: string } | 'unavailable'>;
}
