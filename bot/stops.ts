import type { Logger } from 'pino';

/** What has to be stopped, in the order in which it was started. */
export interface Stops {
  add(name: string, stop: () => Promise<unknown>): void;
  /** Stops everything, last first. Never rejects: what does not stop cleanly is logged, and the rest is stopped all the same. */
  stop(): Promise<void>;
}

export function createStops(log: Logger): Stops {
  const started: { name: string; stop: () => Promise<unknown> }[] = [];
  return {
    add: (name, stop) => void started.push({ name, stop }),
    async stop() {
      for (const { name, stop } of started.splice(0).toReversed())
        await stop().catch((error: unknown) => log.warn({ err: error, part: name }, 'a part did not stop cleanly'));
    },
  };
}
