import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Api } from '../api/context.ts';
import { Problem } from '../api/problem.ts';
import { Envelope, readEvent } from '../pagerduty/read-event.ts';
import type { Intake } from '../ports.ts';
import { parsedJson, withinTime, withRawBody } from './raw-body.ts';

export interface PagerDutyWebhookDeps {
  /** Several while a secret is being replaced. Empty: none is known yet, and nothing can be verified. */
  readonly secrets: readonly string[];
  readonly intake: Intake;
  /** Told of what is acknowledged and not stored: `ping`, or `other` for a type that is not understood. */
  readonly onIgnored: (kind: 'pagerduty.ping' | 'pagerduty.other') => void;
  readonly now: () => Date;
  readonly log: Logger;
  /** Milliseconds for the durable write; 4,000 unless given, because PagerDuty waits for 5 s. */
  readonly answerWithinMs?: number;
}

const hourMs = 3_600_000;
/** PagerDuty signs no time and sends again for 48 h: what is older is a replay. */
const oldestMs = 49 * hourMs;
const aheadMs = 5 * 60_000;
/** PagerDuty drops what is larger than 256 kB itself. */
const bodyLimit = 512 * 1024;
const mostSignatures = 10;

const unauthorized = () => new Problem(401, 'unauthorized', 'The signature or the time of the webhook is not right.');

/** Any of `v1=<hex>,v1=<hex>…` by any secret; https://developer.pagerduty.com/docs/webhooks/webhook-signatures */
function isSigned(secrets: readonly string[], body: Buffer, header: unknown): boolean {
  if (typeof header !== 'string') return false;
  const given = header
    .split(',')
    .slice(0, mostSignatures)
    .flatMap((part) => /^\s*v1=([0-9a-f]{64})\s*$/i.exec(part)?.[1] ?? [])
    .map((hex) => Buffer.from(hex, 'hex'));
  const right = secrets.map((secret) => createHmac('sha256', secret).update(body).digest());
  return given.some((signature) => right.some((digest) => timingSafeEqual(digest, signature)));
}

/** The signed event. Throws a Problem: 503 while no secret is known, 401 for what PagerDuty has not signed, or not lately. */
function verified({ secrets, now, log }: PagerDutyWebhookDeps, { body, headers }: FastifyRequest): Envelope['event'] {
  if (secrets.length === 0) {
    log.warn('a webhook of PagerDuty cannot be verified: set PAGERDUTY_WEBHOOK_SECRET');
    // Never a 4xx: PagerDuty would drop the event, and after three turn the subscription off.
    throw new Problem(503, 'unavailable', 'No secret is configured for webhooks of PagerDuty.');
  }
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!isSigned(secrets, raw, headers['x-pagerduty-signature'])) throw unauthorized();
  const envelope = Envelope.safeParse(parsedJson(raw));
  if (!envelope.success) throw unauthorized();
  const age = now().getTime() - Date.parse(envelope.data.event.occurred_at);
  if (age > oldestMs || age < -aheadMs) throw unauthorized();
  return envelope.data.event;
}

const Delivery = z.string().min(1).max(200);

/** `POST /webhooks/pagerduty`: 202 after the durable write, 401 and nothing stored for what is not signed or too old, 503 while nothing can be stored. */
export async function pagerDutyWebhook(api: Api, deps: PagerDutyWebhookDeps): Promise<void> {
  await withRawBody(api, (scoped) => {
    scoped.post('/webhooks/pagerduty', { bodyLimit, schema: { hide: true } }, async (request, reply) => {
      const signed = verified(deps, request);
      const event = readEvent(signed);
      if (event === null) {
        deps.onIgnored(signed.event_type === 'pagey.ping' ? 'pagerduty.ping' : 'pagerduty.other');
        deps.log.info({ event: signed.id, type: signed.event_type }, 'a webhook of PagerDuty needs nothing done');
        return reply.code(202).send();
      }
      // Without the header the event's own id is what tells it from its copies.
      const deliveryId = Delivery.safeParse(request.headers['x-webhook-id']).data ?? `event:${event.id}`;
      const stored = deps.intake.receive({ kind: 'pagerduty.event', dedupeKey: event.id, deliveryId, event });
      const fresh = await withinTime(stored, deps.answerWithinMs);
      deps.log.debug({ event: event.id, type: event.type, fresh }, 'a webhook of PagerDuty was stored');
      return reply.code(202).send();
    });
  });
}
