/** Bounds of the calls to one system. */
export interface TurnLimits {
  /** Calls that run at once. */
  readonly concurrent: number;
  /** Calls that wait; more are turned away. */
  readonly waiting: number;
  /** Milliseconds that a call waits at most. */
  readonly waitMs: number;
}

export type Turn =
  | { readonly kind: 'taken'; readonly waitedMs: number; readonly done: () => void }
  /** `full`: as many wait as may. `late`: it has waited as long as it may. */
  | { readonly kind: 'full' | 'late' | 'cancelled' };

export interface Turns {
  /** First come, first served. `waitMs`: less than the limit where the call's deadline is nearer. */
  take(waitMs: number, signal?: AbortSignal): Promise<Turn>;
}

export function createTurns(limits: TurnLimits, now: () => number = () => performance.now()): Turns {
  let running = 0;
  const queue: (() => void)[] = [];
  const done = (): (() => void) => {
    let over = false;
    return () => {
      if (over) return;
      over = true;
      running -= 1;
      queue.shift()?.();
    };
  };
  const wait = (waitMs: number, signal: AbortSignal | undefined): Promise<Turn> =>
    new Promise((resolve) => {
      const startedAt = now();
      const end = (turn: Turn): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        const at = queue.indexOf(start);
        if (at !== -1) queue.splice(at, 1);
        resolve(turn);
      };
      const start = (): void => {
        running += 1;
        end({ kind: 'taken', waitedMs: Math.max(1, Math.round(now() - startedAt)), done: done() });
      };
      const cancel = (): void => end({ kind: 'cancelled' });
      const timer = setTimeout(() => end({ kind: 'late' }), Math.min(waitMs, limits.waitMs));
      signal?.addEventListener('abort', cancel, { once: true });
      queue.push(start);
    });
  return {
    async take(waitMs, signal) {
      if (signal?.aborted) return { kind: 'cancelled' };
      if (running < limits.concurrent) {
        running += 1;
        return { kind: 'taken', waitedMs: 0, done: done() };
      }
      return queue.length >= limits.waiting ? { kind: 'full' } : await wait(waitMs, signal);
    },
  };
}
