import type { Logger } from 'pino';
import type { LinearLabels } from './linear-labels.ts';

const everyMs = 60_000;

/** Looks for labels whose webhook never came, every minute unless told otherwise; one look at a time. */
export function startReconciliation(labels: Pick<LinearLabels, 'reconcile'>, log: Logger, pauseMs = everyMs): { stop(): Promise<void> } {
  let looking: Promise<void> | null = null;
  const look = () => {
    looking ??= labels
      .reconcile()
      .catch((error: unknown) => log.warn({ err: error }, 'labels could not be reconciled'))
      .finally(() => {
        looking = null;
      });
  };
  const timer = setInterval(look, pauseMs);
  look();
  return {
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
