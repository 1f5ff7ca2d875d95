import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Evaluation, PolicyBundle } from '../../policy/decide.ts';
import { BundleRefused } from './refused.ts';
import { startThread, type ThreadReady } from './thread.ts';

/** A bundle in a thread of its own that decides nothing that counts. */
export interface Evaluator {
  readonly bundle: string;
  /** In the order of the questions. Throws BundleRefused when that takes longer than `timeoutMs`, or the thread dies; it is closed then. */
  evaluate(inputs: readonly unknown[], timeoutMs: number): Promise<readonly Evaluation[]>;
  close(): Promise<void>;
}

/** The next message. The thread is ended when none comes. */
async function next(worker: Worker, timeoutMs: number): Promise<unknown> {
  try {
    const [message] = await once(worker, 'message', { signal: AbortSignal.timeout(Math.max(1, Math.floor(timeoutMs))) });
    return message;
  } catch (error) {
    await worker.terminate();
    const late = error instanceof Error && error.name === 'AbortError';
    throw new BundleRefused(late ? 'the policy takes too long' : 'the policy ended its thread', error, late);
  }
}

/** Throws BundleRefused when the bundle does not load, or not within `timeoutMs`. */
export async function openEvaluator(bundle: PolicyBundle, timeoutMs: number): Promise<Evaluator> {
  const worker = startThread(bundle, null);
  const ready = (await next(worker, timeoutMs)) as ThreadReady;
  if ('broken' in ready) {
    await worker.terminate();
    throw new BundleRefused(ready.broken);
  }
  return {
    bundle: ready.bundle,
    evaluate(inputs, limitMs) {
      const answer = next(worker, limitMs);
      worker.postMessage(inputs);
      return answer as Promise<readonly Evaluation[]>;
    },
    close: async () => void (await worker.terminate()),
  };
}
