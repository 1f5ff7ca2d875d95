import { watch } from 'node:fs';
import type { Logger } from 'pino';

export interface WatchOptions {
  readonly directory: string;
  /** Never rejects. Runs once at a time; what changes meanwhile is looked at afterwards. */
  readonly look: () => Promise<void>;
  /** Milliseconds. Events get lost (network file systems, a directory that is replaced): it is looked at so often all the same. */
  readonly pollMs: number;
  readonly log: Logger;
}

export interface Watch {
  /** Waits for the look that is under way. */
  stop(): Promise<void>;
}

/** Milliseconds: files are copied one after the other, each with several events. */
const settleMs = 100;

function startWatcher({ directory, log }: WatchOptions, changed: () => void): () => void {
  try {
    const watcher = watch(directory, { persistent: false }, changed);
    watcher.on('error', (error) => log.warn({ err: error }, 'the policy directory cannot be watched: it is polled'));
    return () => watcher.close();
  } catch (error) {
    log.warn({ err: error }, 'the policy directory cannot be watched: it is polled');
    return () => {};
  }
}

/** Looks again whenever something changes in the directory. */
export function watchDirectory(options: WatchOptions): Watch {
  let stopped = false;
  let underWay: Promise<void> | null = null;
  let again = false;
  const look = (): void => {
    if (stopped) return;
    again = underWay !== null;
    underWay ??= options.look().finally(() => {
      underWay = null;
      if (again) look();
    });
  };
  let settling: NodeJS.Timeout | undefined;
  const close = startWatcher(options, () => {
    clearTimeout(settling);
    settling = setTimeout(look, settleMs).unref();
  });
  const poll = setInterval(look, options.pollMs).unref();
  return {
    async stop() {
      stopped = true;
      clearTimeout(settling);
      clearInterval(poll);
      close();
      await underWay;
    },
  };
}
