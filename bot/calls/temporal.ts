import type { Client } from '@temporalio/client';
import { ToolAnswer } from '../../tools/contract.ts';
import type { CarryCall } from '../ports.ts';
import { workerQueue } from '../roles/worker.ts';

/** Milliseconds for the whole way: worker, queue of the site, the program. */
const answerWithinMs = 100_000;

/** The way of every other call: the queue `tools-<site>`, in a workflow that does nothing else. Throws when the engine does not answer. */
export function carryByTemporal(client: Client): CarryCall {
  return (call) =>
    client.withDeadline(Date.now() + answerWithinMs, async () =>
      ToolAnswer.parse(
        await client.workflow.execute('read', {
          workflowId: `read:${call.callId}`,
          taskQueue: workerQueue,
          args: [call],
          workflowExecutionTimeout: answerWithinMs,
        }),
      ),
    );
}
