import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface Loop {
  /** Resolves after `stop`; never rejects. */
  readonly ended: Promise<void>;
  /** Ends after what is under way. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  /** Answers after how many milliseconds it wants to be called again. */
  readonly work: () => Promise<number>;
  /** Milliseconds after a failure; asked then, where it is not always the same. */
  readonly retryMs: number | (() => number);
  /** What the log says of a failure: once, until it works again. */
  readonly failure: string;
  readonly log: Logger;
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : 'unknown');

/** Calls `work` again and again, one call at a time. */
export function startLoop({ work, retryMs, failure, log }: LoopOptions): Loop {
  const stopping = new AbortController();
  let failing: string | null = null;

  async function turn(): Promise<number> {
    try {
      const pause = await work();
      if (failing !== null) log.info({ failure }, 'works again');
      failing = null;
      return pause;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== failing) log.error({ err: error }, failure);
      failing = reason;
      return typeof retryMs === 'number' ? retryMs : retryMs();
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const pause = await turn();
      if (pause > 0) await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const ended = run();
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
