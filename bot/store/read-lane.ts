import type { CommonQueryMethods } from 'slonik';
import { ReadRefused, StoreUnavailable } from './errors.ts';
import type { Db } from './sql.ts';

/** Lists and exports, beside what decides: they wait for each other and for nothing else, and nothing else waits for them. */
export interface ReadLane {
  /** For an answer that somebody waits for. Throws ReadRefused. */
  readonly db: Db;
  /** For what goes on page by page once it has begun: it waits longer for its turn. Throws ReadRefused. */
  readonly patient: Db;
}

export interface ReadLimits {
  /** Queries that run at once; connections of the pool. */
  readonly atOnce: number;
  /** Milliseconds that a query waits for its turn. */
  readonly waitMs: number;
  readonly patienceMs: number;
  /** Milliseconds that a query may run. */
  readonly statementMs: number;
}

export const readLimits: ReadLimits = { atOnce: 4, waitMs: 3_000, patienceMs: 60_000, statementMs: 10_000 };

type Turns = <T>(waitMs: number, work: () => Promise<T>) => Promise<T>;

/** At most so many at once, in the order in which they came. */
function createTurns(atOnce: number): Turns {
  let free = atOnce;
  const queue = new Set<() => void>();

  function place(waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        queue.delete(go);
        reject(new ReadRefused('busy'));
      }, waitMs);
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      queue.add(go);
    });
  }

  function pass(): void {
    const [next] = queue;
    if (next === undefined) free += 1;
    else {
      queue.delete(next);
      next();
    }
  }

  return async (waitMs, work) => {
    if (free > 0) free -= 1;
    else await place(waitMs);
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreUnavailable && error.reason === 'timeout') throw new ReadRefused('too_slow', error);
      throw error;
    } finally {
      pass();
    }
  };
}

const verbs = ['any', 'anyFirst', 'exists', 'maybeOne', 'maybeOneFirst', 'one', 'oneFirst', 'query'] as const satisfies (keyof Db)[];

function inTurn(db: Db, turns: Turns, waitMs: number): Db {
  const ask = (verb: (typeof verbs)[number]) => (query: Parameters<CommonQueryMethods['any']>[0]) => turns(waitMs, () => db[verb](query));
  return Object.fromEntries(verbs.map((verb) => [verb, ask(verb)])) as unknown as Db;
}

/** `db`: a pool of `atOnce` connections whose statements end after `statementMs`. */
export function createReadLane(db: Db, limits: ReadLimits = readLimits): ReadLane {
  const turns = createTurns(limits.atOnce);
  return { db: inTurn(db, turns, limits.waitMs), patient: inTurn(db, turns, limits.patienceMs) };
}
