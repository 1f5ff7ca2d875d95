import { CancelledFailure, Context } from '@temporalio/activity';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerPlugin } from '@temporalio/worker';
import type { ToolAnswer, ToolCall } from '../../tools/contract.ts';
import type { RunnerActivities } from '../../workflows/contracts/activities.ts';
import { type RunningRole, running } from './worker.ts';

/** The part of tools/runner.ts that the carrier needs. */
export interface ToolRunner {
  call(call: ToolCall, signal?: AbortSignal): Promise<ToolAnswer>;
}

const heartbeatMs = 2_000;

/** Carries calls to the runner: heartbeats while a program runs, passes cancellation on. */
export function createRunnerActivities(runner: ToolRunner): RunnerActivities {
  return {
    async callTool(call) {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), heartbeatMs);
      try {
        const answer = await runner.call(call, context.cancellationSignal);
        if (context.cancellationSignal.aborted) throw new CancelledFailure('cancelled');
        return answer;
      } finally {
        clearInterval(beat);
      }
    },
  };
}

export interface StartRunner {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  readonly plugins: WorkerPlugin[];
  readonly site: string;
  readonly runner: ToolRunner;
}

/** Executes the operations of one site, on that site's task queue. Outbound connections only. */
export async function startRunner({ connection, namespace, dataConverter, plugins, site, runner }: StartRunner): Promise<RunningRole> {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: `tools-${site}`,
    activities: createRunnerActivities(runner),
    dataConverter,
    plugins,
    maxConcurrentActivityTaskExecutions: 16,
    shutdownGraceTime: '5s',
    disablePayloadErrorLimit: true,
  });
  return running(worker);
}
