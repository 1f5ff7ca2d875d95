/** Slack could not be reached, or its answer was lost: try again later. What was sent may have arrived. */
export class SlackUnavailable extends Error {
  readonly code = 'slack_unavailable';
  constructor(method: string, cause: unknown) {
    super(`Slack did not answer ${method}`, { cause });
    this.name = 'SlackUnavailable';
  }
}

/** Slack said no; `slackError` is its word for it, e.g. `channel_not_found`. */
export class SlackRefused extends Error {
  readonly code = 'slack_refused';
  readonly slackError: string;
  constructor(method: string, slackError: string, cause: unknown) {
    super(`Slack refused ${method}: ${slackError}`, { cause });
    this.name = 'SlackRefused';
    this.slackError = slackError;
  }
}
