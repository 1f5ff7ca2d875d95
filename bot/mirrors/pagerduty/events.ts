import { PeerRefused, PeerUnavailable } from '../errors.ts';
import type { PagerDutyPort } from '../ports.ts';
import { retryAfterMs } from './retry-after.ts';

export interface EventsOptions {
  /** e.g. `https://events.pagerduty.com`. */
  readonly eventsUrl: string;
  readonly routingKey: string;
  readonly timeoutMs: number;
}

async function enqueue({ eventsUrl, routingKey, timeoutMs }: EventsOptions, event: object): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ routing_key: routingKey, ...event }),
    signal: AbortSignal.timeout(timeoutMs),
  };
  const response = await fetch(`${eventsUrl}/v2/enqueue`, init).catch(() => {
    throw new PeerUnavailable('PagerDuty Events did not answer');
  });
  await response.body?.cancel();
  if (response.ok) return;
  if (response.status === 429)
    throw new PeerUnavailable(
      'PagerDuty Events limits the rate',
      retryAfterMs((name) => response.headers.get(name)),
    );
  if (response.status === 400) throw new PeerRefused('PagerDuty Events refused the event');
  throw new PeerUnavailable(`PagerDuty Events answered ${response.status}`);
}

/** Events API v2 over fetch: the functions of pdjs for it know one host only. */
export function createEvents(options: EventsOptions): NonNullable<PagerDutyPort['events']> {
  return {
    trigger: (dedupKey, summary, source, link) => {
      const payload = { summary: summary.slice(0, 1_024) || dedupKey, source, severity: 'critical' };
      return enqueue(options, {
        event_action: 'trigger',
        dedup_key: dedupKey,
        payload,
        client: 'Watchkeeper',
        ...(link === null ? {} : { links: [{ href: link, text: 'Slack thread' }] }),
      });
    },
    resolve: (dedupKey) => enqueue(options, { event_action: 'resolve', dedup_key: dedupKey }),
  };
}
