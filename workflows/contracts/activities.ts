import type { Check, Expectation, OperationCall, ToolAnswer, ToolCall, ToolErrorCode } from '../../tools/contract.ts';
import type { Progress } from '../ports.ts';
import type { RequestEvent } from '../request-state.ts';
import type { Outcome, Told } from './incident.ts';
import type { PlanDraft, PlanState, StepRecord } from './plan.ts';

/** A read to run, with the words under which its progress is shown. */
export interface Probe extends OperationCall {
  readonly site: string;
  readonly title: string;
  /** What it is one of many of, for people. */
  readonly group?: string;
}

/** How a probe ended: an observation, or a gap in the evidence in words. */
export interface ProbeResult {
  readonly title: string;
  readonly site: string;
  readonly operation: string;
  readonly observation: string | null;
  readonly gap: string | null;
  /** Of the gap. */
  readonly code?: ToolErrorCode;
}

export interface Scope {
  readonly probes: readonly Probe[];
  /** Asked of the people when nothing can be read. */
  readonly question: string | null;
  /** Reads that policy refused, in words. */
  readonly gaps: readonly string[];
  /** A language model is configured for what analyzers leave open. */
  readonly model?: boolean;
}

/** What one investigation comes to, as it is shown. */
export interface Published {
  readonly round: number;
  readonly findings: readonly string[];
  readonly gaps: readonly string[];
}

/** Why a change stopped before anything was changed. */
export interface Stop {
  readonly reason: string;
  readonly difference: string | null;
  /** A new investigation and a new request follow. */
  readonly again: boolean;
}

/** A step, or its way back, that waits for people. */
export interface Waiting {
  readonly stepId: string;
  readonly direction: 'forward' | 'rollback';
  /** Observation of what was done. */
  readonly output: string;
}

/** One round of a model's investigation. Ids only: what was read is in the store. */
export interface ReasonRequest {
  readonly incidentId: string;
  /** From 0; how many rounds of reads it asked for before. */
  readonly round: number;
  readonly observations: readonly string[];
  /** Of the analyzers. */
  readonly findings: readonly string[];
  /** Keys of reads that it asked for before. */
  readonly asked: readonly string[];
  /** What was not read in the round before: names of operations and words of ours, nothing that a program said. */
  readonly refused: readonly string[];
  /** As shown last; its task at `index` is the model's, and is told how far it is. */
  readonly shown?: { readonly progress: Progress; readonly index: number };
}

/** `notes`: for people. */
export type Reasoned =
  | {
      readonly kind: 'read';
      readonly probes: readonly Probe[];
      readonly asked: readonly string[];
      readonly refused: readonly string[];
      /** Reads that policy refused. */
      readonly gaps: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'done'; readonly findings: readonly string[]; readonly notes: readonly string[] }
  /** No model answered. */
  | { readonly kind: 'skipped'; readonly note: string };

/** A plan that a model drafted, or why there is none and what it would have to know. */
export type Drafted =
  | { readonly kind: 'draft'; readonly draft: PlanDraft }
  | { readonly kind: 'none'; readonly reason: string; readonly questions: readonly string[] };

/** A playbook applies, and has no safe fix: what it means, and what people have to decide. */
export interface Concluded {
  readonly playbook: string;
  readonly file: string;
  readonly sha256: string;
  /** Hash of the set of playbooks that was in use. */
  readonly set: string;
  readonly says: string;
  readonly ask: readonly string[];
}

export type Verdict = 'found' | 'healthy' | 'unknown';

export interface Analysis {
  readonly verdict: Verdict;
  /** Reads that would separate what is left open. */
  readonly followUps: readonly Probe[];
  readonly gaps: readonly string[];
  /** Ids of what was found, the surest first. */
  readonly findings: readonly string[];
}

/** The plan that a draft is to become. */
export interface PlannedFor {
  readonly incidentId: string;
  readonly planId: string;
}

/** What has to be read at the site before a step can be shown to a person. */
export interface StepNeeds {
  readonly site: string;
  readonly state: OperationCall;
}

export interface StepDerived {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly site: string;
  readonly hasDryRun: boolean;
  /** Reads of the target as it is and as it would be; `after` null: the dry run prints that. */
  readonly comparison: Comparison | null;
  readonly rollback: OperationCall | null;
}

/** Ids of the observations from which a step is put together. */
export interface StepParts {
  readonly state: string;
  readonly dryRun: DryRunParts | null;
  readonly via: string;
  readonly rollbackVia: string | null;
}

export type Assembled =
  | { readonly kind: 'planned'; readonly planId: string; readonly automatic: boolean; readonly expiresAt: string }
  /** `by`: policy does not allow it, or the systems do not take it. */
  | { readonly kind: 'denied'; readonly by: 'policy' | 'systems'; readonly reasons: readonly string[] };

export interface ApprovalStatus {
  readonly state: PlanState;
  /** A person runs it without its quorum. */
  readonly breakGlass: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** The reads that show what a step would do; `after` null: the dry run prints that. */
export interface Comparison {
  readonly now: OperationCall;
  readonly after: OperationCall | null;
}

/** Ids of the observations that show what a step would do. */
export interface DryRunParts {
  readonly dryRun: string;
  readonly now: string | null;
  readonly after: string | null;
}

/** The executable part of an approved step. */
export interface StepRun {
  readonly id: string;
  readonly site: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly state: OperationCall;
  /** Null: the step has none, which its approval showed. */
  readonly dryRun: { readonly comparison: Comparison | null } | null;
  readonly probe: readonly Expectation[];
  /** What holds as long as nothing of it has happened; null: the state cannot tell. Absent in histories of before: what is not there in whole counted as absent. */
  readonly untouched?: readonly Expectation[] | null;
  readonly verification: readonly Check[];
  readonly rollback: { readonly call: OperationCall; readonly verification: readonly Check[] } | null;
  readonly noRollbackReason: string | null;
}

/** A call with its grant, or why there is none. */
export type Authorization =
  | { readonly kind: 'granted'; readonly call: ToolCall; readonly grantId: string }
  | {
      readonly kind: 'refused';
      readonly code: 'moved' | 'policy' | 'hash' | 'expired';
      readonly reason: string;
      /** Lines with `-` as approved and `+` as it is now, at most 1,500 characters. */
      readonly difference: string | null;
    };

export interface AuthorizeRequest {
  readonly incidentId: string;
  readonly planId: string;
  readonly stepId: string;
  readonly direction: 'forward' | 'rollback';
  /** Observation of the state read just now. */
  readonly state: string;
  /** Observation of the command line that the site would run now, of the step or of its rollback. */
  readonly via: string;
  /** The dry run made just now; null for a rollback, and for a step that has none. */
  readonly dryRun: DryRunParts | null;
}

/** What a second look begins with. */
export interface LookBegun {
  readonly scope: Scope;
  /** How many alerts made it begin, and the services that these are about. */
  readonly alerts: number;
  readonly services: readonly string[];
  /** Ids of what was found before. */
  readonly known: readonly string[];
}

/** What a second look comes to. */
export interface LookPublished extends Omit<LookBegun, 'scope'> {
  readonly number: number;
  readonly verdict: Verdict;
  readonly findings: readonly string[];
  readonly gaps: readonly string[];
}

/** Activities of the worker. Payloads are ids and small values. */
export interface WorkerActivities {
  openThread(incidentId: string): Promise<void>;
  scope(incidentId: string): Promise<Scope>;
  progress(incidentId: string, progress: Progress): Promise<void>;
  /** `last`: no further reads follow, the findings are kept as they are. */
  analyze(incidentId: string, results: readonly ProbeResult[], last: boolean): Promise<Analysis>;
  /** `round`: 0 for the first investigation of the incident. */
  publishFindings(incidentId: string, published: Published): Promise<void>;
  /** A read that no runner makes (own-reads.ts). */
  callOwn(call: ToolCall): Promise<ToolAnswer>;
  /** Null: there is nothing to look into any more. */
  beginLook(incidentId: string, number: number): Promise<LookBegun | null>;
  /** Once per number. */
  publishLook(incidentId: string, published: LookPublished): Promise<void>;
  /** From these findings only: older ones may not hold any more. */
  draftPlan(incidentId: string, findings: readonly string[]): Promise<PlanDraft | Concluded | null>;
  /** A round of a model's investigation. */
  reason(request: ReasonRequest): Promise<Reasoned>;
  /** Where no playbook has a fix. `told`: what people answered to what it asked before. */
  draftByModel(incidentId: string, findings: readonly string[], told?: readonly Told[]): Promise<Drafted>;
  /** Asks people in the incident's thread for what a plan would take. Once per key. False: there is no thread in which anybody could answer. */
  askPeople(incidentId: string, key: string, asked: { readonly questions: readonly string[]; readonly minutes: number }): Promise<boolean>;
  /** The answer to a person's question, from the evidence; or why there is none, in words. */
  explain(incidentId: string, asked: { readonly person: string; readonly text: string }): Promise<string>;
  /** Posts it in the incident's thread. Once per key. */
  answerQuestion(incidentId: string, key: string, text: string): Promise<void>;
  stepNeeds(draft: PlanDraft, planned: PlannedFor): Promise<readonly StepNeeds[]>;
  deriveSteps(draft: PlanDraft, states: readonly string[], planned: PlannedFor): Promise<readonly StepDerived[]>;
  assemblePlan(incidentId: string, planId: string, draft: PlanDraft, parts: readonly StepParts[]): Promise<Assembled>;
  /** The card of a plan with its copies, those of plans that it replaced, and the votes that were cast elsewhere. */
  refreshCard(planId: string): Promise<void>;
  /** Says in the incident's thread which votes were cast elsewhere. Once per vote; what Slack refuses for good holds up nothing. */
  mirrorVotes(planId: string): Promise<void>;
  /** Tells people that a change stopped before anything was changed, with what differs from the approval, and whether it is asked for anew. */
  explainStop(planId: string, stop: Stop): Promise<void>;
  /** Tells people in the incident's thread what a step waits for, and until when. Once per step and direction. */
  tellThatItWaits(planId: string, waiting: Waiting): Promise<void>;
  approval(planId: string): Promise<ApprovalStatus>;
  /** Tells everybody that a plan runs by break-glass. */
  alarm(planId: string): Promise<void>;
  /** Tells those who may approve that the plan still waits. */
  remind(planId: string): Promise<void>;
  /** The state that follows; null where the event changes nothing. */
  settlePlan(planId: string, event: RequestEvent, reason: string): Promise<PlanState | null>;
  stepRuns(planId: string): Promise<readonly StepRun[]>;
  authorizeStep(request: AuthorizeRequest): Promise<Authorization>;
  /** Uses a grant up, so that no runner can any more. False: a runner had claimed it before, and may still be at work. */
  burnGrant(grantId: string): Promise<boolean>;
  recordStep(record: StepRecord): Promise<void>;
  setState(incidentId: string, state: 'investigating' | 'awaiting_approval' | 'executing'): Promise<void>;
  closeIncident(incidentId: string, outcome: Outcome, summary: string, planId: string | null): Promise<void>;
}

/** The activity of a runner, on the task queue `tools-<site>`. */
export interface RunnerActivities {
  callTool(call: ToolCall): Promise<ToolAnswer>;
}
