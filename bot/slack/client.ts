import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from 'pino';
import { slackLogger } from './logger.ts';

export interface SlackConnection {
  /** Ends in `/api/`; undefined for Slack itself. */
  readonly apiUrl: string | undefined;
  readonly log: Logger;
  /** Milliseconds; 10 s unless told. */
  readonly timeoutMs?: number;
}

/**
 * No retries inside: the client's own would post a message again whose answer was lost, and its pause on 429 would stop every channel.
 * The poster retries, knowing what it has posted.
 */
export function clientOptions({ apiUrl, log, timeoutMs = 10_000 }: SlackConnection): WebClientOptions {
  return {
    retryConfig: { retries: 0 },
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    logger: slackLogger(log),
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
  };
}

export function createSlackClient(token: string, connection: SlackConnection): WebClient {
  return new WebClient(token, clientOptions(connection));
}
