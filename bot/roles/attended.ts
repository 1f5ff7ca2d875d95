import { CancelledFailure, Context } from '@temporalio/activity';

const heartbeatMs = 2_000;

/** Heartbeats while an activity runs: how a worker that died is noticed, and how a cancellation reaches it. */
export async function attended<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await run(context.cancellationSignal);
  } catch (error) {
    if (context.cancellationSignal.aborted) throw new CancelledFailure('cancelled');
    throw error;
  } finally {
    clearInterval(beat);
  }
}
