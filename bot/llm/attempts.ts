import { setTimeout as delay } from 'node:timers/promises';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen, type IPolicy } from 'cockatiel';
import { nothingUsed, type Provider, type ProviderAnswer, ProviderFailed, type ProviderRequest } from './providers/provider.ts';

/** Milliseconds. */
export interface AttemptTimes {
  readonly first: number;
  /** A provider that asks for a longer pause is passed over. */
  readonly longest: number;
  /** For which a provider is left alone after failing again and again. */
  readonly rest: number;
}

export const attemptTimes: AttemptTimes = { first: 500, longest: 10_000, rest: 30_000 };

/** Attempts at one provider within one request. */
const most = 3;
const failuresInRow = 5;

export interface Attempts {
  /**
   * Makes an attempt at the provider of that name, and more of them where that may help. Throws what `attempt` does, ProviderFailed when the
   * provider is left alone, or what `signal` says.
   */
  make<T>(name: string, attempt: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

function pauseBefore(attempt: number, failed: ProviderFailed, { first }: AttemptTimes): number {
  return failed.retryAfterMs ?? first * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** Asks once, and waits no longer than `timeoutMs`. Throws ProviderFailed, or what the request's `signal` says. */
export async function askOnce(provider: Provider, request: ProviderRequest, timeoutMs: number): Promise<ProviderAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await provider.ask({ ...request, signal: AbortSignal.any([request.signal, timeout]) });
  } catch (error) {
    request.signal.throwIfAborted();
    if (timeout.aborted) throw new ProviderFailed('timeout', { cause: error });
    throw error;
  }
}

/** Retries by the provider's own hints, and a circuit breaker for each provider. */
export function createAttempts(times: AttemptTimes = attemptTimes): Attempts {
  const breakers = new Map<string, IPolicy>();
  const breakerOf = (name: string): IPolicy => {
    const known = breakers.get(name);
    if (known !== undefined) return known;
    // The caller's Stop is nobody's failure.
    const made = circuitBreaker(
      handleWhen((error) => error instanceof ProviderFailed && !['request', 'context', 'model'].includes(error.kind)),
      { breaker: new ConsecutiveBreaker(failuresInRow), halfOpenAfter: times.rest },
    );
    breakers.set(name, made);
    return made;
  };
  return {
    async make(name, attempt, signal) {
      for (let number = 1; ; number += 1) {
        try {
          return await breakerOf(name).execute(attempt);
        } catch (error) {
          if (error instanceof BrokenCircuitError) throw new ProviderFailed('unreachable', { charged: nothingUsed, cause: error });
          if (!(error instanceof ProviderFailed) || !error.passing || number === most) throw error;
          const pause = pauseBefore(number, error, times);
          if (pause > times.longest) throw error;
          await delay(pause, undefined, { signal });
        }
      }
    },
  };
}
