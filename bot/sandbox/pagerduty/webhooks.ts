import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Documents } from '../peer/database.ts';
import type { IncidentEvent } from './account.ts';
import type { Subscription } from './types.ts';

interface Delivery {
  /** Repeated on every attempt. */
  readonly id: string;
  readonly subscription: string;
  /** Deliveries about one resource go out one after the other. */
  readonly resource: string;
  readonly body: string;
}

/** Switches for tests. */
export interface WebhookFaults {
  /** The next `times` deliveries are made twice, with the same id. */
  duplicate(times: number): void;
  /** The next `count` deliveries wait for each other and go out in reverse order. PagerDuty keeps the order of an incident; retries of others do not. */
  reverse(count: number): void;
}

export interface WebhookSender {
  readonly faults: WebhookFaults;
  emit(event: IncidentEvent): void;
  ping(subscription: Subscription): void;
  /** Sends what an earlier run left. */
  resume(): void;
  stop(): Promise<void>;
}

/** `v1=` and the HMAC-SHA256 of the raw body. */
export function sign(secret: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

interface SenderOptions {
  readonly documents: Documents;
  readonly origin: () => string;
  readonly log: Logger;
  /** Milliseconds before attempt 2, 3 …; the last repeats. */
  readonly retryAfterMs: readonly number[];
}

/** 2xx is done, a 4xx other than 429 drops the event, everything else is tried again; three drops in a row disable the subscription. */
export function createWebhookSender(options: SenderOptions): WebhookSender {
  const { documents, log } = options;
  const stopping = new AbortController();
  const chains = new Map<string, Promise<void>>();
  const drops = new Map<string, number>();
  const plans = { duplicate: 0, reverse: 0, held: [] as Delivery[] };

  async function attempt(delivery: Delivery, subscription: Subscription): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'PagerDuty-Webhook/V3.0',
      'x-pagerduty-signature': sign(subscription.secret, delivery.body),
      'x-webhook-id': delivery.id,
      'x-webhook-subscription': subscription.id,
    };
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(5_000)]);
    try {
      const response = await fetch(subscription.url, { method: 'POST', headers, body: delivery.body, signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  function settle(delivery: Delivery, subscription: Subscription, status: number): void {
    documents.remove('delivery', delivery.id);
    const dropped = status >= 400 ? (drops.get(subscription.id) ?? 0) + 1 : 0;
    drops.set(subscription.id, dropped);
    if (dropped < 3) return;
    log.warn({ subscription: subscription.id }, 'webhook subscription disabled after three refused deliveries');
    documents.put('subscription', subscription.id, null, { ...subscription, active: false });
  }

  async function deliver(delivery: Delivery): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      const subscription = documents.get<Subscription>('subscription', delivery.subscription);
      if (subscription?.active !== true) return documents.remove('delivery', delivery.id);
      const status = await attempt(delivery, subscription);
      if (stopping.signal.aborted) return;
      const again = status === 0 || status === 429 || status >= 500;
      if (!again) return settle(delivery, subscription, status);
      const wait = options.retryAfterMs[Math.min(tries, options.retryAfterMs.length - 1)] ?? 1_000;
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  /** Held back until there are enough, then all at once, the last first. */
  function held(delivery: Delivery): boolean {
    if (plans.reverse === 0) return false;
    plans.held.push(delivery);
    if (plans.held.length < plans.reverse) return true;
    plans.reverse = 0;
    plans.held
      .splice(0)
      .toReversed()
      .reduce((before, one) => before.then(() => deliver(one)), Promise.resolve())
      .catch((error: unknown) => log.error({ err: error }, 'a webhook could not be delivered'));
    return true;
  }

  function enqueue(delivery: Delivery): void {
    const key = `${delivery.subscription}/${delivery.resource}`;
    chains.set(
      key,
      (chains.get(key) ?? Promise.resolve()).then(() => deliver(delivery)),
    );
  }

  function queue(delivery: Delivery): void {
    if (held(delivery)) return;
    enqueue(delivery);
    if (plans.duplicate === 0) return;
    plans.duplicate -= 1;
    enqueue(delivery);
  }

  function send(subscription: Subscription, resource: string, event: object): void {
    const delivery: Delivery = { id: randomUUID(), subscription: subscription.id, resource, body: JSON.stringify({ event }) };
    documents.put('delivery', delivery.id, null, delivery);
    queue(delivery);
  }

  return {
    faults: {
      duplicate: (times) => {
        plans.duplicate = times;
      },
      reverse: (count) => {
        plans.reverse = count;
      },
    },
    emit: ({ type, incident, data, agent }) => {
      const event = {
        id: randomUUID(),
        event_type: type,
        resource_type: 'incident',
        occurred_at: new Date().toISOString(),
        agent: agent && { ...agent, type: 'user_reference' },
        client: null,
        data,
      };
      const wanting = documents
        .list<Subscription>('subscription')
        .filter(
          (one) =>
            one.active && one.events.includes(type) && (one.filter.type !== 'service_reference' || one.filter.id === incident.service.id),
        );
      for (const subscription of wanting) send(subscription, incident.id, event);
    },
    ping: (subscription) =>
      send(subscription, subscription.id, {
        id: randomUUID(),
        event_type: 'pagey.ping',
        resource_type: 'pagey',
        occurred_at: new Date().toISOString(),
        agent: null,
        client: null,
        data: { message: 'A test of this subscription.', type: 'ping' },
      }),
    resume: () => documents.list<Delivery>('delivery').forEach(queue),
    stop: async () => {
      stopping.abort();
      await Promise.all(chains.values());
    },
  };
}
