import type { Logger } from 'pino';
import { sinks } from '../mirrors/routes.ts';
import type { OutboxDepth } from '../store/outbox-view.ts';
import type { Metrics } from './metrics.ts';

export interface OutboxGaugesDeps {
  readonly outbox: { depth(): Promise<readonly OutboxDepth[]> };
  readonly metrics: Metrics;
  readonly log: Logger;
  /** 5 seconds unless given. */
  readonly everyMs?: number;
}

/** What waits and what was refused, in the figures of the process that serves `/metrics`. */
export function startOutboxGauges({ outbox, metrics, log, everyMs = 5_000 }: OutboxGaugesDeps): { stop(): void } {
  // A gauge that cannot be read keeps its value: the database's own figure tells that it is away.
  const show = async () => {
    try {
      const depths = new Map((await outbox.depth()).map((depth) => [depth.sink, depth]));
      for (const sink of sinks) {
        const { pending, refused, oldestSeconds } = depths.get(sink) ?? { pending: 0, refused: 0, oldestSeconds: 0 };
        metrics.outboxPending.set({ sink }, pending);
        metrics.outboxRefused.set({ sink }, refused);
        metrics.outboxAge.set({ sink }, oldestSeconds);
      }
    } catch (error) {
      log.debug({ err: error }, 'the depth of the outbox could not be read');
    }
  };
  const timer = setInterval(() => void show(), everyMs);
  void show();
  return { stop: () => clearInterval(timer) };
}
