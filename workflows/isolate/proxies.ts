import { type ActivityInterfaceFor, isCancellation, proxyActivities } from '@temporalio/workflow';
import type { Published, RunnerActivities, Stop, Waiting, WorkerActivities } from '../contracts/activities.ts';
import type { Progress } from '../ports.ts';

/** Faults that no retry mends: they are thrown as ApplicationFailure of these types. */
const permanent = ['not_found', 'plan_invalid'];

/** The worker's activities touch Postgres and Slack only: they are retried until these are back. */
export const worker = proxyActivities<ActivityInterfaceFor<WorkerActivities>>({
  startToCloseTimeout: '60 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds', nonRetryableErrorTypes: permanent },
});

/** What asks a language model: minutes, with heartbeats, so that a Stop reaches it. */
export const thinker = proxyActivities<ActivityInterfaceFor<Pick<WorkerActivities, 'reason' | 'draftByModel' | 'explain'>>>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumAttempts: 5, nonRetryableErrorTypes: permanent },
});

const showing = proxyActivities<
  ActivityInterfaceFor<
    Pick<WorkerActivities, 'refreshCard' | 'alarm' | 'remind' | 'progress' | 'explainStop' | 'publishFindings' | 'tellThatItWaits'>
  >
>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumAttempts: 4, nonRetryableErrorTypes: permanent },
});

async function shown(showed: Promise<void>): Promise<boolean> {
  try {
    await showed;
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return false;
  }
}

/** Messages that only show what is recorded elsewhere: while the chat is away, decisions go on without them. False: not shown. */
export const board = {
  refreshCard: (planId: string) => shown(showing.refreshCard(planId)),
  alarm: (planId: string) => shown(showing.alarm(planId)),
  remind: (planId: string) => shown(showing.remind(planId)),
  explainStop: (planId: string, stop: Stop) => shown(showing.explainStop(planId, stop)),
  tellThatItWaits: (planId: string, waiting: Waiting) => shown(showing.tellThatItWaits(planId, waiting)),
  progress: (incidentId: string, progress: Progress) => shown(showing.progress(incidentId, progress)),
  /** For now: they are published again, with all there is, by `worker`. */
  publishFindings: (incidentId: string, published: Published) => shown(showing.publishFindings(incidentId, published)),
};

export const toolsQueue = (site: string) => `tools-${site}`;

/** Reads and dry runs have no effect: they are tried again. */
export function reader(site: string): RunnerActivities {
  return proxyActivities<ActivityInterfaceFor<RunnerActivities>>({
    taskQueue: toolsQueue(site),
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '90 seconds',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', maximumAttempts: 3, nonRetryableErrorTypes: permanent },
  });
}

/** Reads of the worker itself. */
export const own = proxyActivities<ActivityInterfaceFor<Pick<WorkerActivities, 'callOwn'>>>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '500 milliseconds', maximumAttempts: 3, nonRetryableErrorTypes: permanent },
});

/** A write is tried once; whether it happened is asked of the system, never guessed. */
export function writer(site: string): RunnerActivities {
  return proxyActivities<ActivityInterfaceFor<RunnerActivities>>({
    taskQueue: toolsQueue(site),
    scheduleToStartTimeout: '30 seconds',
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '10 seconds',
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: { maximumAttempts: 1 },
  });
}
