import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerPlugin } from '@temporalio/worker';
import type { Deps } from '../../workflows/activities/deps.ts';
import { createWorkerActivities } from '../../workflows/activities/index.ts';

/** Workflows and their activities. */
export const workerQueue = 'watchkeeper';

export interface StartWorker {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  readonly bundle: string;
  readonly plugins: WorkerPlugin[];
  readonly deps: Deps;
}

export interface RunningRole {
  /** Rejects when the role dies by itself. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Stops taking work, finishes what runs, waits for the end. */
export function running(worker: Worker): RunningRole {
  const ended = worker.run();
  return {
    ended,
    async stop() {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

export async function startWorker({ connection, namespace, dataConverter, bundle, plugins, deps }: StartWorker): Promise<RunningRole> {
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: workerQueue,
    workflowBundle: { codePath: bundle },
    activities: createWorkerActivities(deps),
    dataConverter,
    plugins,
    // A killed worker's cached workflows move to another one after this long, not after the default 10 s.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '5s',
    disablePayloadErrorLimit: true,
  });
  return running(worker);
}
