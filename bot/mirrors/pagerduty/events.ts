import { PeerRefused, PeerUnavailable } from '../errors.ts';
import type { PagerDutyPort } from './ports.ts';
import { retryAfterMs } from './retry-after.ts';

export interface EventsOptions {
  /** e.g. `https://events.pagerduty.com`. */
  readonly eventsUrl: string;
  readonly routingKey: string;
  readonly timeoutMs: number;
}

type EventPath = '/v2/enqueue' | '/v2/change/enqueue';

async function enqueue({ eventsUrl, routingKey, timeoutMs }: EventsOptions, path: EventPath, event: object): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ routing_key: routingKey, ...event }),
    signal: AbortSignal.timeout(timeoutMs),
  };
  const response = await fetch(`${eventsUrl}${path}`, init).catch(() => {
    throw new PeerUnavailable('PagerDuty Events did not answer');
  });
  await response.body?.cancel();
  const { status } = response;
  if (response.ok) return;
  const header = (name: string) => response.headers.get(name);
  if (status === 429) throw new PeerUnavailable('PagerDuty Events limits the rate', retryAfterMs(header), 'no');
  if (status === 400) throw new PeerRefused('PagerDuty Events refused the event');
  throw new PeerUnavailable(`PagerDuty Events answered ${status}`, null, status === 500 || status === 503 ? 'no' : 'unknown');
}

/** Events API v2 over fetch: the functions of pdjs for it know one host only. */
export function createEvents(options: EventsOptions): NonNullable<PagerDutyPort['events']> {
  return {
    trigger: (dedupKey, summary, source, link) =>
      enqueue(options, '/v2/enqueue', {
        event_action: 'trigger',
        dedup_key: dedupKey,
        payload: { summary: summary.slice(0, 1_024) || dedupKey, source, severity: 'critical' },
        client: 'Watchkeeper',
        ...(link === null ? {} : { links: [{ href: link, text: 'Slack thread' }] }),
      }),
    resolve: (dedupKey) => enqueue(options, '/v2/enqueue', { event_action: 'resolve', dedup_key: dedupKey }),
    change: ({ key, summary, source, at, details, links }) =>
      enqueue(options, '/v2/change/enqueue', {
        payload: { summary: summary.slice(0, 1_024), source, timestamp: at, custom_details: { ...details, watchkeeper: key } },
        links,
      }),
  };
}
