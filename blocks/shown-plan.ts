import type { Similar } from '../workflows/contracts/memory.ts';
import type { BreakGlass, Plan, PlanState, StepRecord, Vote } from '../workflows/contracts/plan.ts';
import type { Recorded } from './proofs.ts';

/** A stored plan as views need it. `nameOf` turns a person id into the name that people know. */
export interface ShownPlan {
  readonly plan: Plan;
  readonly requestHash: string;
  readonly state: PlanState;
  readonly votes: readonly Vote[];
  readonly steps: readonly StepRecord[];
  readonly breakGlass: BreakGlass | null;
}

export type NameOf = (personId: string) => string;

/** A file that people can open in Slack. */
export interface ShownFile {
  readonly name: string;
  /** Null where Slack did not say it. */
  readonly url: string | null;
}

/** What a card refers to besides its plan. */
export interface CardReferences {
  /** Whole diffs as files of the incident's thread, by step id. */
  readonly files: ReadonlyMap<string, ShownFile>;
  /** Approvals so far from each group that the plan needs some from. */
  readonly given: ReadonlyMap<string, number>;
  /** Address of the incident's thread, on a card that stands elsewhere. */
  readonly thread: string | null;
  /** Decisions about the plan, in their order. */
  readonly recorded: readonly Recorded[];
  /** Incidents of before in which the same was tried and did not help. */
  readonly tried: readonly Similar[];
}

export const noReferences: CardReferences = { files: new Map(), given: new Map(), thread: null, recorded: [], tried: [] };

/** People who approved, each once. */
export function approvers(votes: readonly Vote[]): readonly string[] {
  return [...new Set(votes.filter((vote) => vote.verdict === 'approve').map((vote) => vote.person))];
}

/** What a button of a plan carries: an id and the hash of exactly what was shown. */
export function planReference(shown: ShownPlan): string {
  return JSON.stringify({ p: shown.plan.id, h: shown.requestHash });
}
