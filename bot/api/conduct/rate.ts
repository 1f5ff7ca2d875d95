import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { z } from 'zod';
import { Problem } from '../problem.ts';

/** Requests a minute, counted by each replica for itself: they keep one caller from taking it all, and are no quota. */
export const RateSettings = z.strictObject({
  perCaller: z.number().int().min(10).default(1_200).describe('Requests a minute of one person or service token.'),
  perAddress: z.number().int().min(10).default(300).describe('Requests a minute from one address without a valid token.'),
});
export type RateSettings = z.infer<typeof RateSettings>;

const seconds = 60;

/** Headers of draft-ietf-httpapi-ratelimit-headers. */
function told(policy: string, limit: number, result: RateLimiterRes): Record<string, string> {
  const resets = Math.max(1, Math.ceil(result.msBeforeNext / 1_000));
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=${seconds}`,
    ratelimit: `"${policy}";r=${result.remainingPoints};t=${resets}`,
  };
}

/** Takes one request; answers the headers that say what is left. Throws Problem 429. */
export type Take = (key: string) => Promise<Record<string, string>>;

function budget(policy: string, limit: number, who: string): Take {
  const limiter = new RateLimiterMemory({ points: limit, duration: seconds });
  return async (key) => {
    try {
      return told(policy, limit, await limiter.consume(key));
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      const headers = told(policy, limit, result);
      const wait = Math.max(1, Math.ceil(result.msBeforeNext / 1_000));
      throw new Problem(429, 'too_many_requests', `${who} may ask ${limit} times a minute. Come again in ${wait} s.`, {
        headers: { ...headers, 'retry-after': String(wait) },
      });
    }
  };
}

export interface Rates {
  /** By who asks. */
  readonly caller: Take;
  /** By where it comes from: who has no valid token. Whoever has one is never kept out by others of the same address. */
  readonly address: Take;
}

export function createRates({ perCaller, perAddress }: RateSettings): Rates {
  return { caller: budget('caller', perCaller, 'You'), address: budget('address', perAddress, 'An address without a valid token') };
}
