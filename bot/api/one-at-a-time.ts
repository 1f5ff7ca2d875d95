import { Problem } from './problem.ts';

/** For work that takes a core for as long as it lasts: whoever comes meanwhile is told to come again. `what`: e.g. "replay". */
export function oneAtATime<A extends unknown[], T>(what: string, work: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
  let busy = false;
  return async (...args) => {
    if (busy)
      throw new Problem(503, 'busy', `Another ${what} is under way. Try again soon.`, {
        headers: { 'retry-after': '10' },
        nothingDone: true,
      });
    busy = true;
    try {
      return await work(...args);
    } finally {
      busy = false;
    }
  };
}
