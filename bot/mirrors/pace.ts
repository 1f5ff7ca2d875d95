import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleType,
  type IBackoffFactory,
} from 'cockatiel';
import { PeerUnavailable } from './errors.ts';

/** Milliseconds. */
export interface RetryTimes {
  readonly first: number;
  readonly longest: number;
}

export const retryTimes: RetryTimes = { first: 500, longest: 60_000 };

/** Milliseconds before attempt `attempts` + 1: exponential, with up to half of it random, at most `longest`. */
export function retryDelay(attempts: number, random: () => number, { first, longest }: RetryTimes): number {
  const full = Math.min(longest, first * 2 ** Math.min(attempts - 1, 20));
  return Math.round(full * (0.5 + random() / 2));
}

export interface Pace {
  /** Milliseconds for which nothing may be sent to this peer; 0: go on. */
  pause(): number;
  /** Runs a call; failures that are the peer's open the circuit. */
  run<T>(call: () => Promise<T>): Promise<T>;
}

/** Tells how long the circuit stays open, each time that it opens: the breaker itself says only that it is, until the next call. */
function told<T>(factory: IBackoffFactory<T>, onOpen: (ms: number) => void): IBackoffFactory<T> {
  return {
    next(context) {
      const backoff = factory.next(context);
      onOpen(Math.ceil(backoff.duration));
      return { duration: backoff.duration, next: (later) => told(backoff, onOpen).next(later) };
    },
  };
}

/**
 * How fast one peer is called. What it asks for by Retry-After is kept for all its messages, so that the limit is not hit by each in turn;
 * after five failures in a row it is left alone, in production at first for a second, at most for 30.
 */
export function createPace(now: () => number, { first, longest }: RetryTimes): Pace {
  let quietUntil = 0;
  const quietFor = (ms: number) => {
    quietUntil = Math.max(quietUntil, now() + ms);
  };
  const breaker: CircuitBreakerPolicy = circuitBreaker(handleType(PeerUnavailable), {
    breaker: new ConsecutiveBreaker(5),
    halfOpenAfter: told(new ExponentialBackoff({ initialDelay: first * 2, maxDelay: longest / 2 }), quietFor),
  });
  return {
    pause: () => Math.max(0, quietUntil - now()),
    async run(call) {
      try {
        return await breaker.execute(call);
      } catch (error) {
        if (error instanceof PeerUnavailable && error.retryAfterMs !== null) quietFor(error.retryAfterMs);
        if (error instanceof BrokenCircuitError) throw new PeerUnavailable('the peer is left alone after repeated failures', null, 'no');
        throw error;
      }
    },
  };
}
