import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ContinueAsNew,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  executeChild,
  setHandler,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { type ChangeResult, change, haltSignal } from './change.ts';
import type { Concluded } from './contracts/activities.ts';
import type { IncidentArgs, Outcome, Told, Wake } from './contracts/incident.ts';
import { investigation } from './investigation.ts';
import { wordsOf } from './isolate/call.ts';
import { awaitDecision } from './isolate/decision.ts';
import type { Desk, Ending } from './isolate/desk.ts';
import { draftByModel } from './isolate/drafting.ts';
import { prepare } from './isolate/prepare.ts';
import { board, worker } from './isolate/proxies.ts';
import { unlessCancelled } from './isolate/unless-cancelled.ts';

export const wakeSignal = defineSignal<[Wake]>('wake');
export const phaseQuery = defineQuery<string>('phase');
/** What a person says in the thread. True: it was asked for, and is taken up. */
export const tellUpdate = defineUpdate<boolean, [Told]>('tell');

/** How often a fix is asked for in one incident, when what was approved does not hold any more. */
const mostRequests = 3;

function tooLate(planId: string): Ending {
  return { outcome: 'expired', summary: 'The approval expired before the plan could start. Nothing was changed.', planId };
}

/** Claims the plan for execution. An answer that was lost is read again; that it runs once is the child's id's to say. */
async function execute(incidentId: string, planId: string, desk: Desk): Promise<Ending | 'again'> {
  const claimed = (await worker.settlePlan(planId, { kind: 'start' }, 'execution started')) ?? (await worker.approval(planId)).state;
  if (claimed === 'expired') return tooLate(planId);
  if (claimed !== 'executing') {
    return { outcome: 'failed', summary: 'The plan was no longer approved when it should have started. Nothing was changed.', planId };
  }
  desk.executing = true;
  await worker.setState(incidentId, 'executing');
  await board.refreshCard(planId);
  const handle = await startChild(change, {
    workflowId: `change:${planId}`,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [{ incidentId, planId }],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  let over = false;
  const ended = handle.result().finally(() => {
    over = true;
  });
  const watch = async () => {
    await condition(() => over || desk.cancelled);
    // A change that is over by now cannot be signalled, and need not be.
    if (!over) await handle.signal(haltSignal).catch(() => undefined);
  };
  const [result] = await Promise.all([ended.catch(broken), watch()]);
  return settle(planId, result, desk);
}

/** The change itself broke: what it did is unknown, and that is said. */
function broken(error: unknown): ChangeResult {
  return {
    outcome: 'failed',
    summary: `The change broke off: ${wordsOf(error)}. What was done is listed in the plan; a person must look at it.`,
  };
}

const ends = { resolved: 'done', rolled_back: 'rolled_back', failed: 'failed', cancelled: 'cancelled', stopped: 'stopped' } as const;

async function settle(planId: string, { outcome, summary, difference = null }: ChangeResult, desk: Desk): Promise<Ending | 'again'> {
  await worker.settlePlan(planId, { kind: 'end', outcome: ends[outcome] }, summary);
  await board.refreshCard(planId);
  if (outcome !== 'stopped') return { outcome, summary, planId };
  const again = desk.round + 1 < mostRequests && !desk.cancelled;
  await board.explainStop(planId, { reason: summary, difference, again });
  return again ? 'again' : { outcome: desk.cancelled ? 'cancelled' : 'failed', summary, planId };
}

async function decideAndExecute(args: IncidentArgs, planId: string, desk: Desk): Promise<Ending | 'again'> {
  desk.planId = planId;
  if (args.waitingPlanId !== planId) await worker.setState(args.incidentId, 'awaiting_approval');
  const decision = await awaitDecision(args, planId, desk);
  return decision === 'approved' ? execute(args.incidentId, planId, desk) : decision;
}

function without(outcome: Outcome, summary: string): Ending {
  return { outcome, summary, planId: null };
}

const noModel = ' No language model is configured: hypotheses beyond the checks were left out.';

function concludedWords({ playbook, says, ask }: Concluded): string {
  const questions = ask.length === 0 ? '' : ` For people to decide: ${ask.join(' ')}`;
  return `${says}${questions} No change is proposed (playbook ${playbook}).`;
}

/** Everything before a person is asked: answers the plan that waits, or how the incident ends without one. */
async function investigateAndPlan(incidentId: string, desk: Desk): Promise<string | Ending> {
  await worker.openThread(incidentId);
  await worker.setState(incidentId, 'investigating');
  const workflowId = `investigation:${workflowInfo().runId}${desk.round === 0 ? '' : `:${desk.round}`}`;
  const found = await executeChild(investigation, { workflowId, args: [incidentId, desk.round] });
  desk.progress = found.progress;
  if (found.question !== null) return without('unknown', found.question);
  if (found.verdict === 'healthy') return without('healthy', 'Nothing is wrong with what I looked at. No change is proposed.');
  if (found.verdict === 'unknown')
    return without(
      'unknown',
      `The cause is not known. What I looked at, and what was missing, is listed above.${found.model === true ? '' : noModel}`,
    );
  const draft =
    (await worker.draftPlan(incidentId, found.findings)) ??
    (found.model === true ? await draftByModel(incidentId, found.findings, desk) : null);
  if (draft === null) return without('unknown', 'A cause was found, but no playbook has a safe fix for it. The evidence is above.');
  if (typeof draft === 'string') return without('unknown', draft);
  if ('says' in draft) return without('unknown', concludedWords(draft));
  const prepared = await prepare(incidentId, uuid4(), draft);
  if (prepared.kind === 'denied') {
    const words = prepared.by === 'policy' ? 'A fix is known, but policy does not allow it now' : 'A fix is known, but it is not proposed';
    return without(prepared.by === 'policy' ? 'rejected' : 'unknown', `${words}: ${prepared.reasons.join('; ')}. Nothing was changed.`);
  }
  return prepared.planId;
}

/** Investigates, asks, executes; once more where what was approved did not hold any more when it should have run. */
async function work(args: IncidentArgs, desk: Desk): Promise<Ending> {
  let waiting = args.waitingPlanId;
  for (;;) {
    const before = waiting ?? (await unlessCancelled(desk, () => investigateAndPlan(args.incidentId, desk)));
    if (before === 'cancelled') return without('cancelled', 'Cancelled. Nothing was changed.');
    if (typeof before !== 'string') return before;
    const ending = await decideAndExecute(args, before, desk);
    if (ending !== 'again') return ending;
    waiting = undefined;
    desk.round += 1;
    desk.planId = null;
    desk.executing = false;
  }
}

/** No incident stays open because a part of it broke. */
async function workSafely(args: IncidentArgs, desk: Desk): Promise<Ending> {
  try {
    return await work(args, desk);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    const words = `Something of mine broke: ${wordsOf(error)}.`;
    const { planId, executing } = desk;
    if (planId !== null) await worker.settlePlan(planId, { kind: 'break' }, words).catch(() => null);
    const what = executing ? 'What was done is listed in the plan; a person must look at it.' : 'Nothing was changed by this.';
    return { outcome: 'failed', summary: `${words} ${what}`, planId };
  }
}

/** One incident: investigate → plan → approval → change → report. */
export async function incident(args: IncidentArgs): Promise<void> {
  const desk: Desk = {
    wakes: 0,
    cancelled: false,
    planId: null,
    executing: false,
    round: args.round ?? 0,
    asking: false,
    told: [],
    progress: null,
  };
  setHandler(wakeSignal, (wake) => {
    if (wake?.reason !== 'vote' && wake?.reason !== 'cancel' && wake?.reason !== 'message') return;
    desk.wakes += 1;
    desk.cancelled ||= wake.reason === 'cancel';
  });
  setHandler(tellUpdate, (told) => {
    if (!desk.asking || desk.cancelled) return false;
    desk.told.push(told);
    return true;
  });
  setHandler(phaseQuery, () => (desk.cancelled ? 'cancelling' : 'open'));
  // Cancelled in the engine counts as cancelled by a person: the incident still ends in the system of record.
  CancellationScope.current().cancelRequested.catch(() => {
    desk.wakes += 1;
    desk.cancelled = true;
  });
  await CancellationScope.nonCancellable(async () => {
    const ending = await workSafely(args, desk);
    await worker.closeIncident(args.incidentId, ending.outcome, ending.summary, ending.planId);
    // Shown once more: a closed incident cannot be cancelled, so that button goes.
    if (desk.progress !== null) await board.progress(args.incidentId, desk.progress);
  });
}
