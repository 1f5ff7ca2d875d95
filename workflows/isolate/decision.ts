import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { ApprovalStatus } from '../contracts/activities.ts';
import type { IncidentArgs, Outcome } from '../contracts/incident.ts';
import type { Desk, Ending } from './desk.ts';
import { board, worker } from './proxies.ts';
import { nextReminder } from './reminders.ts';
import { unlessCancelled } from './unless-cancelled.ts';

/** How long the store's clock may be behind. */
const clockSkewMs = 1_000;

/** After this long a card that could not be shown is tried again. */
const cardRetryMs = 30_000;

/** Waits for a wake, or for the expiry; reminds people on the way. */
async function waitForNews({ createdAt, expiresAt }: ApprovalStatus, planId: string, woken: () => boolean): Promise<void> {
  const end = Date.parse(expiresAt);
  for (;;) {
    const reminder = nextReminder(Date.parse(createdAt), end, Date.now());
    if (await condition(woken, Math.max(1, (reminder ?? end) - Date.now()))) return;
    if (reminder === null) return;
    await board.remind(planId);
  }
}

const endings: Readonly<Partial<Record<ApprovalStatus['state'], readonly [Outcome, string]>>> = {
  cancelled: ['cancelled', 'Cancelled.'],
  rejected: ['rejected', 'The plan was rejected.'],
  changes_requested: ['rejected', 'Changes to the plan were requested. Mention me again to plan anew.'],
};

function endingOf(state: ApprovalStatus['state'], planId: string): Ending {
  const [outcome, words] = endings[state] ?? ['expired', `The plan is ${state.replaceAll('_', ' ')}.`];
  return { outcome, summary: `${words} Nothing was changed.`, planId };
}

/** Says in the thread what was decided elsewhere, before anything runs: while the chat is away, nothing does. False: cancelled meanwhile. */
async function announced({ breakGlass }: ApprovalStatus, planId: string, desk: Desk): Promise<boolean> {
  if (breakGlass) await board.alarm(planId);
  return (await unlessCancelled(desk, () => worker.mirrorVotes(planId))) !== 'cancelled';
}

/** Waits until the system of record says that the plan is decided; signals only wake, they decide nothing. */
export async function awaitDecision(args: IncidentArgs, planId: string, desk: Desk): Promise<Ending | 'approved'> {
  for (;;) {
    const seen = desk.wakes;
    const status = await worker.approval(planId);
    const shown = await board.refreshCard(planId);
    if (desk.cancelled && (status.state === 'pending' || status.state === 'approved')) {
      await worker.settlePlan(planId, { kind: 'cancel' }, 'the incident was cancelled');
      continue;
    }
    if (status.state === 'approved') {
      if (await announced(status, planId, desk)) return 'approved';
      continue;
    }
    if (status.state !== 'pending') return endingOf(status.state, planId);
    const left = Date.parse(status.expiresAt) - Date.now();
    if (left <= 0) {
      const settled = await worker.settlePlan(planId, { kind: 'expire' }, 'nobody decided in time');
      // The clocks of engine and store differ a little.
      if (settled === null) await condition(() => desk.wakes > seen, clockSkewMs);
      continue;
    }
    if (shown) await waitForNews(status, planId, () => desk.wakes > seen);
    else await condition(() => desk.wakes > seen, Math.min(left, cardRetryMs));
    // A cancellation is not carried over: it is dealt with first.
    if (workflowInfo().continueAsNewSuggested && !desk.cancelled) {
      await condition(allHandlersFinished);
      await continueAsNew<(args: IncidentArgs) => Promise<void>>({ incidentId: args.incidentId, waitingPlanId: planId, round: desk.round });
    }
  }
}
