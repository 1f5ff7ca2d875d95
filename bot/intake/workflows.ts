import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common';
import type { IncidentArgs, LookArgs, Told, Wake } from '../../workflows/contracts/incident.ts';
import type { QuestionArgs } from '../../workflows/question.ts';
import { workerQueue } from '../roles/worker.ts';

/** The engine, as intake uses it. Throws when it does not answer: the event stays in the inbox then. */
export interface Workflows {
  /** Starts the incident's workflow, or wakes the one that runs. */
  startOrWake(key: string, incidentId: string): Promise<void>;
  /** Starts it once more after it has ended. Throws while the earlier run is still ending: try again. */
  startAnew(key: string, incidentId: string): Promise<void>;
  /** Starts the second look of that number after `waitMs`, once. */
  look(key: string, incidentId: string, number: number, waitMs: number): Promise<void>;
  /** Answers a person's question about an incident; the same key starts one at most. */
  question(args: QuestionArgs): Promise<void>;
  /** Says to the incident's workflow what a person said in the thread, once per `id`. True: it had asked for it, and takes it up. */
  tell(key: string, id: string, told: Told): Promise<boolean>;
  /** Throws when no workflow runs for that key: it has not been started yet, or an operator has ended it. */
  wake(key: string, reason: Wake['reason']): Promise<void>;
}

/** A worker answers at once; where none does, the event is tried again later. */
const tellWithinMs = 5_000;

const workflowId = (key: string) => `incident:${key}`;

export function createWorkflows(client: Client): Workflows {
  return {
    async startOrWake(key, incidentId) {
      const args: [IncidentArgs] = [{ incidentId }];
      const wake: [Wake] = [{ reason: 'message' }];
      await client.workflow.signalWithStart('incident', {
        workflowId: workflowId(key),
        taskQueue: workerQueue,
        args,
        signal: 'wake',
        signalArgs: wake,
      });
    },
    async startAnew(key, incidentId) {
      const args: [IncidentArgs] = [{ incidentId }];
      await client.workflow.start('incident', {
        workflowId: workflowId(key),
        taskQueue: workerQueue,
        args,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
      });
    },
    async look(key, incidentId, number, waitMs) {
      const args: [LookArgs] = [{ incidentId, number }];
      await client.workflow
        .start('look', {
          workflowId: `look:${key}:${number}`,
          taskQueue: workerQueue,
          args,
          ...(waitMs > 0 ? { startDelay: waitMs } : {}),
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        })
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        });
    },
    async question(args) {
      const options = { workflowId: `question:${args.key}`, taskQueue: workerQueue, args: [args] as [QuestionArgs] };
      await client.workflow.start('question', { ...options, workflowIdReusePolicy: 'REJECT_DUPLICATE' }).catch((error: unknown) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      });
    },
    async tell(key, id, told) {
      const handle = client.workflow.getHandle(workflowId(key));
      const update = () => handle.executeUpdate<boolean, [Told]>('tell', { args: [told], updateId: id });
      try {
        return await client.connection.withDeadline(Date.now() + tellWithinMs, update);
      } catch (error) {
        // It ended meanwhile.
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async wake(key, reason) {
      await client.workflow.getHandle(workflowId(key)).signal('wake', { reason });
    },
  };
}
