import type { Sight } from '../store/audit-sequence.ts';

export interface Settled {
  /** The entry up to which no other can appear any more; 0: none is known. */
  upTo(sight: Sight): number;
}

/**
 * Entries get their numbers before they are seen, and not in the order in which their transactions end. A transaction has its own number
 * before its entry gets one (audit_append). So all that have written an entry up to the highest one that is seen had begun by then, and
 * when all that had begun by then are over, nothing can appear below it.
 */
export function createSettled(): Settled {
  let settled = 0;
  let seen: Sight | null = null;
  return {
    upTo(sight) {
      // Another server, or an older state of the data: numbers of before say nothing.
      if (sight.server !== seen?.server || sight.highest < settled) [settled, seen] = [0, sight];
      if (seen.xmax <= sight.xmin) settled = seen.highest;
      if (sight.xmax <= sight.xmin) settled = sight.highest;
      if (seen.highest <= settled) seen = sight;
      return settled;
    },
  };
}
