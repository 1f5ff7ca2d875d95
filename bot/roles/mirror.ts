import type { Core } from '../core.ts';
import { createMirrors } from '../mirrors/index.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { createPagerDutyClient } from '../mirrors/pagerduty/client.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RunningRole } from './worker.ts';

export interface LinearPlace {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly teamKey: string;
}

export interface PagerDutyPlace {
  readonly apiUrl: string;
  readonly eventsUrl: string;
  readonly token: string;
  readonly fromEmail: string;
  /** Null: the mirror opens no incidents of its own. */
  readonly routingKey: string | null;
}

/** Keeps Linear and PagerDuty up to date from the outbox. */
export function startMirror(core: Core, linear: LinearPlace | null, pagerduty: PagerDutyPlace | null, metrics: Metrics): RunningRole {
  const { store, redactor, log } = core;
  const stopping = new AbortController();
  const mirrors = createMirrors({
    store,
    ...(linear === null ? {} : { linear: createLinearClient(linear) }),
    ...(pagerduty === null ? {} : { pagerduty: createPagerDutyClient(pagerDutyOptions(pagerduty)) }),
    links: { slackThread: ({ channel, threadTs }) => `https://slack.com/archives/${channel}/p${threadTs.replace('.', '')}` },
    redact: redactor,
    log,
    metrics,
  });
  const ended = mirrors.run(stopping.signal);
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

function pagerDutyOptions({ routingKey, ...place }: PagerDutyPlace) {
  return { ...place, ...(routingKey === null ? {} : { routingKey }) };
}
