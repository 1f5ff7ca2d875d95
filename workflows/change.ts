import { CancellationScope, defineSignal, setHandler } from '@temporalio/workflow';
import type { Authorization, StepRun } from './contracts/activities.ts';
import type { StepRecord } from './contracts/plan.ts';
import { readAt, wordsOf } from './isolate/call.ts';
import { compensate, emptyRecord } from './isolate/compensate.ts';
import { type ChangeArgs, type Granted, perform } from './isolate/perform.ts';
import { rehearse, required } from './isolate/prepare.ts';
import { worker } from './isolate/proxies.ts';
import { cancelled, type Halted, verifyAll } from './isolate/verify.ts';
import { tellThatItWaits } from './isolate/waits.ts';

export interface ChangeResult {
  /** `stopped`: what was approved does not hold any more; nothing was changed, and it can be asked for anew. */
  readonly outcome: 'resolved' | 'rolled_back' | 'failed' | 'cancelled' | 'stopped';
  readonly summary: string;
  /** For `stopped`: what differs from the approval. */
  readonly difference?: string | null;
}

/** Stop before the next write and undo what was done. */
export const haltSignal = defineSignal('halt');

type Refusal = Extract<Authorization, { kind: 'refused' }>;

type StepEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string; readonly touched: boolean; readonly refusal: Refusal | null };

type Put = (change: Partial<StepRecord>) => Promise<void>;

type Ready =
  | { readonly kind: 'ready'; readonly granted: Granted }
  | { readonly kind: 'not_ready'; readonly reason: string; readonly refusal: Refusal | null };

function notReady(reason: string, refusal: Refusal | null = null): Ready {
  return { kind: 'not_ready', reason, refusal };
}

/** State and dry run as they are now (the evidence before) → authorization. Touches nothing. */
async function makeReady(args: ChangeArgs, step: StepRun, put: Put): Promise<Ready> {
  const before = await readAt({ incidentId: args.incidentId, site: step.site, ...step.state });
  if (before.status === 'error') {
    // Gone since the approval counts as changed since the approval.
    const gone = before.code === 'not_found';
    return notReady(before.message, gone ? { kind: 'refused', code: 'moved', reason: before.message, difference: null } : null);
  }
  await put({ state: 'running', before: before.observation });
  const [dryRun, via] = await Promise.all([
    step.dryRun === null ? null : rehearse(args.incidentId, { ...step, ...step.dryRun }),
    required(args.incidentId, step.site, step, 'render'),
  ]);
  const request = { ...args, stepId: step.id, direction: 'forward' as const, state: before.observation, via, dryRun };
  const authorization = await worker.authorizeStep(request);
  return authorization.kind === 'granted' ? { kind: 'ready', granted: authorization } : notReady(authorization.reason, authorization);
}

/** The write and its verification: exit status 0 alone is no success. */
async function carryOut(args: ChangeArgs, step: StepRun, granted: Granted, put: Put, halted: Halted): Promise<StepEnd> {
  const effect = await perform(args, step, granted, 'forward');
  if (effect.kind !== 'there') {
    await put({ state: 'failed', reason: effect.reason });
    return { kind: 'failed', reason: effect.reason, touched: effect.kind === 'unknown', refusal: null };
  }
  await tellThatItWaits(args, step, 'forward', effect.output);
  const checked = await verifyAll(args.incidentId, step.site, step.verification, halted);
  if (checked.kind === 'held') {
    await put({ state: 'done', output: effect.output, verification: checked.observation });
    return { kind: 'done' };
  }
  await put({ state: 'failed', output: effect.output, verification: checked.observation, reason: checked.reason });
  return { kind: 'failed', reason: checked.reason, touched: true, refusal: null };
}

/** One step, forward. A fault of our own parts ends it; from the write on it counts as if the target had been touched. */
async function forward(args: ChangeArgs, step: StepRun, records: Map<string, StepRecord>, halted: Halted): Promise<StepEnd> {
  const put: Put = async (change) => {
    const record = { ...(records.get(step.id) ?? emptyRecord(args, step.id)), ...change };
    records.set(step.id, record);
    await worker.recordStep(record);
  };
  const ready = await makeReady(args, step, put).catch((error: unknown) => notReady(wordsOf(error)));
  if (ready.kind === 'not_ready') {
    await put({ state: 'failed', reason: ready.reason });
    return { kind: 'failed', reason: ready.reason, touched: false, refusal: ready.refusal };
  }
  if (halted()) {
    await put({ state: 'skipped', reason: cancelled });
    return { kind: 'failed', reason: cancelled, touched: false, refusal: null };
  }
  return carryOut(args, step, ready.granted, put, halted).catch(
    (error: unknown): StepEnd => ({ kind: 'failed', reason: wordsOf(error), touched: true, refusal: null }),
  );
}

async function compensateAll(
  args: ChangeArgs,
  undo: readonly StepRun[],
  records: Map<string, StepRecord>,
  why: string,
): Promise<ChangeResult> {
  for (const [index, step] of undo.entries()) {
    const left = await compensate(args, step, records).catch((error: unknown) => `${step.operation}: ${wordsOf(error)}`);
    if (left === null) continue;
    // No guessing from here on: what is left is listed for a person.
    const remaining = undo.slice(index + 1).map((other) => other.operation);
    const rest = remaining.length > 0 ? ` Not undone either: ${remaining.join(', ')}.` : '';
    return { outcome: 'failed', summary: `${why}. The rollback did not succeed: ${left}.${rest} A person must look at it.` };
  }
  return undo.length === 0
    ? { outcome: why === cancelled ? 'cancelled' : 'failed', summary: `${why}. Nothing was changed.` }
    : { outcome: 'rolled_back', summary: `${why}. The change was rolled back, and that is verified.` };
}

/**
 * Executes an approved plan, step by step; on failure undoes what was done in reverse order.
 * The compensation of a step is registered before the step runs, since a step can take effect and its answer be lost.
 */
export async function change(args: ChangeArgs): Promise<ChangeResult> {
  let halted = false;
  const halt = () => {
    halted = true;
  };
  setHandler(haltSignal, halt);
  // Cancelled in the engine: what was done is undone all the same.
  CancellationScope.current().cancelRequested.catch(halt);
  return CancellationScope.nonCancellable(() => run(args, () => halted));
}

/** Nothing ran, because what was approved does not hold any more. A plan that was tampered with is not asked for again. */
function stopped(summary: string, { code, difference }: Refusal): ChangeResult {
  return { outcome: code === 'hash' ? 'failed' : 'stopped', summary: `${summary}. Nothing was changed.`, difference };
}

async function run(args: ChangeArgs, halted: Halted): Promise<ChangeResult> {
  const steps = await worker.stepRuns(args.planId);
  const records = new Map<string, StepRecord>();
  const undo: StepRun[] = [];
  let failure: string | null = null;
  let refusal: Refusal | null = null;
  for (const step of steps) {
    if (halted()) failure = cancelled;
    if (failure !== null) break;
    undo.unshift(step);
    const end = await forward(args, step, records, halted);
    if (end.kind === 'done') continue;
    if (!end.touched) undo.shift();
    refusal = end.refusal;
    failure = end.reason === cancelled ? cancelled : `Step ${step.id} (${step.operation}) failed: ${end.reason}`;
  }
  // Cancelled during the last step: what was done is undone all the same.
  if (failure === null && halted()) failure = cancelled;
  if (failure === null) return { outcome: 'resolved', summary: 'Every step was executed and verified.' };
  if (refusal !== null && undo.length === 0 && failure !== cancelled) return stopped(failure, refusal);
  return compensateAll(args, undo, records, failure);
}
