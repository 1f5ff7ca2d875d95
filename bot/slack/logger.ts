import type { Logger as SlackLogger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/** Slack’s libraries put arguments and answers into their messages, so these are not kept; failures reach us as errors anyway. */
export function slackLogger(log: Logger): SlackLogger {
  const nothing = () => undefined;
  return {
    debug: nothing,
    info: nothing,
    warn: () => log.debug('slack library warned'),
    error: () => log.debug('slack library reported an error'),
    setLevel: nothing,
    getLevel: () => LogLevel.WARN,
    setName: nothing,
  };
}
