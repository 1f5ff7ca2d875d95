/** How many reads may be made: PagerDuty's limit (960 a minute and key) is shared with the mirror, which may not be starved by a storm of pages. */
export interface Allowance {
  /** True: one read may be made now. */
  take(): boolean;
  /** None for that long, because the limit was reached all the same. */
  pause(ms: number): void;
}

/** A bucket of `burst` reads that fills up by `perMinute`. */
export function createAllowance(burst: number, perMinute: number, now: () => number): Allowance {
  const state = { left: burst, at: now(), pausedUntil: 0 };
  return {
    take() {
      const time = now();
      state.left = Math.min(burst, state.left + ((time - state.at) / 60_000) * perMinute);
      state.at = time;
      if (time < state.pausedUntil || state.left < 1) return false;
      state.left -= 1;
      return true;
    },
    pause(ms) {
      state.pausedUntil = Math.max(state.pausedUntil, now() + ms);
    },
  };
}
