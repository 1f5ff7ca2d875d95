import { setTimeout as delay } from 'node:timers/promises';
import { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { SlackRefused, SlackUnavailable } from './errors.ts';

/** Slack's own failures: the call may have taken effect. https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const unknownResult = new Set(['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable']);

const maxWaits = 5;
const maxWaitSeconds = 60;

/**
 * One call of the Web API. On 429 it waits for Retry-After (at most `patience` times, 60 s each) and calls again: nothing was done then.
 * Throws SlackRefused when Slack said no, SlackUnavailable when the result is unknown or the limit does not lift.
 */
export async function callSlack<T>(method: string, call: () => Promise<T>, patience = maxWaits): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof WebAPIPlatformError && !unknownResult.has(error.data.error))
        throw new SlackRefused(method, error.data.error, error);
      if (!(error instanceof WebAPIRateLimitedError) || waits === patience) throw new SlackUnavailable(method, error);
      await delay(Math.min(error.retryAfter, maxWaitSeconds) * 1000);
    }
  }
}
