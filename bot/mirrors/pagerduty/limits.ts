import { PeerUnavailable } from '../errors.ts';
import { retryAfterMs } from './retry-after.ts';

type Header = (name: string) => string | readonly string[] | null | undefined;

/** What PagerDuty's headers allow: the last call of a window is the last one until the window ends. */
export interface Limits {
  /** Throws PeerUnavailable while nothing more may be called. */
  check(): void;
  /** Of any answer. */
  note(header: Header): void;
}

export function createLimits(now: () => number): Limits {
  let until = 0;
  return {
    check() {
      const left = until - now();
      if (left > 0) throw new PeerUnavailable('the calls that PagerDuty allows are used up', left, 'no');
    },
    note(header) {
      if (header('ratelimit-remaining') !== '0') return;
      until = now() + (retryAfterMs(header) ?? 1_000);
    },
  };
}
