/** Stops following. Resolves when the look that is under way has ended. */
export type Unfollow = () => Promise<void>;

export interface FollowOptions {
  /** Never rejects. Runs once at a time; what changes meanwhile is looked at afterwards. */
  readonly look: () => Promise<void>;
  /** Milliseconds. Events get lost, and some places have none: it is looked at so often all the same. */
  readonly pollMs: number;
  readonly watch: (changed: () => void) => () => void;
}

/** Milliseconds: files are copied one after the other, each with several events. */
const settleMs = 100;

/** Looks again whenever something may have changed. */
export function follow({ look: lookOnce, pollMs, watch }: FollowOptions): Unfollow {
  let stopped = false;
  let underWay: Promise<void> | null = null;
  let again = false;
  const look = (): void => {
    if (stopped) return;
    again = underWay !== null;
    underWay ??= lookOnce().finally(() => {
      underWay = null;
      if (again) look();
    });
  };
  let settling: NodeJS.Timeout | undefined;
  const unwatch = watch(() => {
    clearTimeout(settling);
    settling = setTimeout(look, settleMs).unref();
  });
  const poll = setInterval(look, pollMs).unref();
  return async () => {
    stopped = true;
    clearTimeout(settling);
    clearInterval(poll);
    unwatch();
    await underWay;
  };
}
