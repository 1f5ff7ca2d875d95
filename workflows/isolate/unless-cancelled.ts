import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import type { Desk } from './desk.ts';

/** Runs what changes nothing, and drops it when somebody cancels meanwhile. */
export async function unlessCancelled<T>(desk: Desk, run: () => Promise<T>): Promise<T | 'cancelled'> {
  const scope = new CancellationScope();
  let over = false;
  const running = scope.run(run).finally(() => {
    over = true;
  });
  const watch = condition(() => over || desk.cancelled).then(() => {
    if (!over) scope.cancel();
  });
  try {
    const result = await running;
    await watch;
    return result;
  } catch (error) {
    if (isCancellation(error) && desk.cancelled) return 'cancelled';
    throw error;
  }
}
