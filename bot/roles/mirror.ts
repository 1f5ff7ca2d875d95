import type { Core } from '../core.ts';
import { createMirrors } from '../mirrors/index.ts';
import { createLinearClient } from '../mirrors/linear/client.ts';
import { createPagerDutyClient } from '../mirrors/pagerduty/client.ts';
import { Sink } from '../store/outbox.ts';
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

const depthEveryMs = 5_000;

/** A gauge that cannot be read keeps its value: the database's own figure tells that it is away. */
async function showDepth({ store, log }: Core, metrics: Metrics): Promise<void> {
  try {
    const waiting = new Map((await store.outbox.depth()).map(({ sink, pending }) => [sink, pending]));
    for (const sink of Sink.options) metrics.outboxPending.set({ sink }, waiting.get(sink) ?? 0);
  } catch (error) {
    log.debug({ err: error }, 'the depth of the outbox could not be read');
  }
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
  const gauge = setInterval(() => void showDepth(core, metrics), depthEveryMs);
  return {
    ended,
    async stop() {
      clearInterval(gauge);
      stopping.abort();
      await ended;
    },
  };
}

function pagerDutyOptions({ routingKey, ...place }: PagerDutyPlace) {
  return { ...place, ...(routingKey === null ? {} : { routingKey }) };
}
