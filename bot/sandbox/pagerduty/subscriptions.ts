import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Account } from './account.ts';
import { notFound } from './problem.ts';
import type { Route } from './route.ts';
import type { Subscription } from './types.ts';
import type { WebhookSender } from './webhooks.ts';
import { paged, parseBody } from './wire.ts';

const NewSubscription = z.object({
  webhook_subscription: z.object({
    type: z.literal('webhook_subscription'),
    delivery_method: z.object({ type: z.literal('http_delivery_method'), url: z.url() }),
    description: z.string().default(''),
    events: z.array(z.string()).min(1),
    filter: z.object({ type: z.enum(['account_reference', 'service_reference', 'team_reference']), id: z.string().optional() }),
  }),
});

/** The secret is shown once, when the subscription is made. */
function shown(subscription: Subscription, secret?: string): object {
  const { id, url, events, description, filter, active } = subscription;
  const delivery = { id: `D${id.slice(1)}`, type: 'http_delivery_method', url, temporarily_disabled: !active, custom_headers: [] };
  return {
    id,
    type: 'webhook_subscription',
    active,
    description,
    events,
    filter,
    delivery_method: secret === undefined ? delivery : { ...delivery, secret },
  };
}

export function subscriptionRoutes(account: Account, sender: WebhookSender): readonly Route[] {
  const find = (id: string) => {
    const found = account.documents.get<Subscription>('subscription', id);
    if (found === undefined) throw notFound();
    return found;
  };
  return [
    {
      method: 'GET',
      path: '/webhook_subscriptions',
      operation: 'webhook_subscriptions.list',
      answer: ({ query }) => ({
        status: 200,
        body: paged(
          'webhook_subscriptions',
          account.documents.list<Subscription>('subscription').map((one) => shown(one)),
          query,
        ),
      }),
    },
    {
      method: 'POST',
      path: '/webhook_subscriptions',
      operation: 'webhook_subscriptions.create',
      answer: ({ body }) => {
        const { delivery_method, description, events, filter } = parseBody(NewSubscription, body).webhook_subscription;
        const secret = randomBytes(32).toString('hex');
        const kept = filter.id === undefined ? { type: filter.type } : { type: filter.type, id: filter.id };
        const subscription: Subscription = {
          id: account.newId(),
          url: delivery_method.url,
          secret,
          events,
          description,
          filter: kept,
          active: true,
        };
        account.documents.put('subscription', subscription.id, null, subscription);
        return { status: 200, body: { webhook_subscription: shown(subscription, secret) }, effect: subscription.id };
      },
    },
    {
      method: 'POST',
      path: '/webhook_subscriptions/{id}/enable',
      operation: 'webhook_subscriptions.enable',
      answer: ({ id }) => {
        const enabled = { ...find(id), active: true };
        account.documents.put('subscription', id, null, enabled);
        return { status: 200, body: { webhook_subscription: shown(enabled) }, effect: id };
      },
    },
    {
      method: 'POST',
      path: '/webhook_subscriptions/{id}/ping',
      operation: 'webhook_subscriptions.ping',
      answer: ({ id }) => {
        sender.ping(find(id));
        return { status: 202, body: {}, effect: id };
      },
    },
  ];
}
