import type { Evaluation, PolicyBundle } from '../../policy/decide.ts';
import { listDecisionsSince, type RecordedDecision } from '../store/decisions.ts';
import type { Db } from '../store/sql.ts';
import { type Evaluator, openEvaluator } from './evaluator.ts';
import { asAskedNow } from './older-questions.ts';
import { type Explanation, explain } from './recorded.ts';
import { BundleRefused } from './refused.ts';
import type { Need, Replay } from './replay-answer.ts';

export interface ReplayRequest {
  readonly bundle: PolicyBundle;
  readonly since: Date;
  readonly cursor: string | null;
}

export interface ReplayLimits {
  /** Milliseconds for all of one part. */
  readonly totalMs: number;
  /** Decisions that are read, and evaluated, at a time. */
  readonly batch: number;
  /** Lines in one part. A part may exceed it by one batch. */
  readonly lines: number;
}

export const replayLimits: ReplayLimits = { totalMs: 8_000, batch: 200, lines: 500 };

type Outcome =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly entry: Replay['changed'][number] }
  | { readonly kind: 'unanswered'; readonly entry: Replay['unanswered'][number] };

function needOf({ verdict, approvals }: Pick<Explanation, 'verdict' | 'approvals'>): Need {
  return { verdict, ...approvals };
}

function sameNeed(a: Need, b: Need): boolean {
  const roles = (need: Need) => [...need.roles].sort().join();
  const groups = (need: Need) => JSON.stringify(need.groups.map(({ group, needed }) => [group, needed]).sort());
  const counts = a.needed === b.needed && a.excludeRequester === b.excludeRequester;
  return a.verdict === b.verdict && counts && roles(a) === roles(b) && groups(a) === groups(b);
}

/** Questions gain fields as the program does: what `asAskedNow` cannot bring into the form of now is told as such. */
function wordsOf(failed: Extract<Evaluation, { kind: 'failed' }> | undefined): string {
  if (failed === undefined) return 'no answer';
  if (failed.rule !== 'question.malformed') return failed.reason;
  return `it was asked in the form of another version ${failed.reason.slice(failed.reason.indexOf('('))}`;
}

function compare(recorded: RecordedDecision, evaluation: Evaluation | undefined): Outcome {
  const before = explain(recorded);
  const { id, at, incidentId: incident, planId: plan, stepId: step, question } = recorded;
  const place = { id, at, incident, plan, step, question: question ?? 'unknown' };
  if (before === null) return { kind: 'unanswered', entry: { ...place, reason: 'its record is not of a known form' } };
  if (evaluation?.kind !== 'decided') return { kind: 'unanswered', entry: { ...place, reason: wordsOf(evaluation) } };
  const { reasons, rules } = evaluation.decision;
  const after = needOf(evaluation.decision);
  if (sameNeed(needOf(before), after)) return { kind: 'same' };
  return { kind: 'changed', entry: { ...place, before: needOf(before), after: { ...after, reasons, rules } } };
}

interface Progress {
  evaluated: number;
  readonly changed: Replay['changed'];
  readonly unanswered: Replay['unanswered'];
  cursor: string | null;
}

function add(progress: Progress, decisions: readonly RecordedDecision[], evaluations: readonly Evaluation[]): void {
  for (const [index, recorded] of decisions.entries()) {
    const outcome = compare(recorded, evaluations[index]);
    if (outcome.kind === 'changed') progress.changed.push(outcome.entry);
    if (outcome.kind === 'unanswered') progress.unanswered.push(outcome.entry);
    else progress.evaluated += 1;
    progress.cursor = recorded.id;
  }
}

/** True when there is more to do than the limits let. */
async function run(db: Db, { since }: ReplayRequest, limits: ReplayLimits, evaluator: Evaluator, progress: Progress): Promise<boolean> {
  const end = performance.now() + limits.totalMs;
  const first = progress.cursor;
  for (;;) {
    const decisions = await listDecisionsSince(db, since, progress.cursor, limits.batch);
    try {
      const inputs = decisions.map(({ input }) => asAskedNow(input));
      add(progress, decisions, await evaluator.evaluate(inputs, end - performance.now()));
    } catch (error) {
      // What was done counts; a policy that has not answered one batch in all this time never will.
      if (!(error instanceof BundleRefused) || progress.cursor === first) throw error;
      return true;
    }
    if (decisions.length < limits.batch) return false;
    if (performance.now() >= end || progress.changed.length + progress.unanswered.length >= limits.lines) return true;
  }
}

/** Asks a policy everything that was decided since then. Nothing is stored, and the running policy stays. Throws BundleRefused. */
export async function replay(db: Db, request: ReplayRequest, limits: ReplayLimits = replayLimits, open = openEvaluator): Promise<Replay> {
  const evaluator = await open(request.bundle, limits.totalMs);
  try {
    const progress: Progress = { evaluated: 0, changed: [], unanswered: [], cursor: request.cursor };
    const more = await run(db, request, limits, evaluator, progress);
    const { cursor, ...rest } = progress;
    return { bundle: evaluator.bundle, ...rest, next: more ? cursor : null };
  } finally {
    await evaluator.close();
  }
}
