import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { Evaluation, PolicyBundle } from '../../policy/decide.ts';
import { BundleRefused } from './refused.ts';
import { startThread, type ThreadReady } from './thread.ts';

/** One thread with a policy, asked synchronously. */
export interface Bridge {
  /** As `performance.now()`. */
  readonly startedAt: number;
  /** Resolves when it can answer. Throws BundleRefused when it cannot load, or not within `timeoutMs`; it is ended then. */
  ready(timeoutMs: number): Promise<void>;
  /**
   * Blocks for `limitMs` at most. `starting`: it is not ready yet, and may be asked again; `late`: it has the question and does not
   * answer, so it is of no use any more. Throws when the input cannot be sent.
   */
  ask(input: unknown, limitMs: number): Evaluation | 'starting' | 'late';
  /** The thread is gone, for whatever reason. */
  ended(): boolean;
  end(): Promise<void>;
}

/**
 * The thread counts what it has posted in shared memory, where this side can wait for it with a limit; the message itself is then
 * taken from the port without the event loop.
 */
export function openBridge(bundle: PolicyBundle): Bridge {
  const { port1, port2 } = new MessageChannel();
  const told = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const worker = startThread(bundle, { port: port2, told });
  let taken = 0;
  let over = false;
  worker.once('exit', () => {
    over = true;
    port1.close();
  });
  const take = (): unknown => {
    taken += 1;
    return receiveMessageOnPort(port1)?.message;
  };
  const next = (limitMs: number): unknown => (Atomics.wait(told, 0, taken, Math.max(0, limitMs)) === 'timed-out' ? undefined : take());
  const end = async (): Promise<void> => void (await worker.terminate());
  return {
    startedAt: performance.now(),
    async ready(timeoutMs) {
      const waited = Atomics.waitAsync(told, 0, taken, timeoutMs);
      const first = (await waited.value) === 'timed-out' ? undefined : (take() as ThreadReady);
      if (first !== undefined && 'bundle' in first) return;
      await end();
      throw new BundleRefused(first?.broken ?? 'the policy takes too long to load', undefined, first === undefined);
    },
    ask(input, limitMs) {
      const until = performance.now() + limitMs;
      if (taken === 0 && next(limitMs) === undefined) return 'starting';
      port1.postMessage([input]);
      const answer = next(until - performance.now()) as readonly Evaluation[] | undefined;
      return answer?.[0] ?? 'late';
    },
    ended: () => over,
    end,
  };
}
