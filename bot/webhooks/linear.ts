import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Api } from '../api/context.ts';
import { Problem } from '../api/problem.ts';
import type { Intake } from '../ports.ts';
import { linearEvent } from './linear-event.ts';
import { parsedJson, withinTime, withRawBody } from './raw-body.ts';

export interface LinearWebhookDeps {
  /** LINEAR_WEBHOOK_SECRET */
  readonly secret: string;
  readonly intake: Intake;
  readonly now: () => Date;
  readonly log: Logger;
  /** Milliseconds for the durable write; 4,000 unless given, because Linear waits for 5 s. */
  readonly answerWithinMs?: number;
}

/** https://linear.app/developers/webhooks: a minute either way, by the time in the signed body. */
const toleranceMs = 60_000;
const bodyLimit = 1_048_576;

const Stamp = z.object({ webhookTimestamp: z.number() });
const unauthorized = () => new Problem(401, 'unauthorized', 'The signature or the time of the webhook is not right.');

function isSigned(secret: string, body: Buffer, signature: unknown): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false;
  return timingSafeEqual(createHmac('sha256', secret).update(body).digest(), Buffer.from(signature, 'hex'));
}

/** The signed content. Throws a Problem (401) for what Linear has not signed just now. */
function verified({ secret, now }: LinearWebhookDeps, { body, headers }: FastifyRequest): unknown {
  const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (!isSigned(secret, raw, headers['linear-signature'])) throw unauthorized();
  const content = parsedJson(raw);
  const stamp = Stamp.safeParse(content);
  if (!stamp.success || Math.abs(now().getTime() - stamp.data.webhookTimestamp) > toleranceMs) throw unauthorized();
  return content;
}

/** `POST /webhooks/linear`: 200 after the durable write, 401 and nothing stored for what is not signed, 503 while nothing can be stored. */
export async function linearWebhook(api: Api, deps: LinearWebhookDeps): Promise<void> {
  await withRawBody(api, (scoped) => {
    scoped.post('/webhooks/linear', { bodyLimit, schema: { hide: true } }, async (request, reply) => {
      const content = verified(deps, request);
      const delivery = z.uuid().safeParse(request.headers['linear-delivery']);
      if (!delivery.success) throw new Problem(400, 'bad_request', 'The header Linear-Delivery is missing.');
      const event = linearEvent(content, delivery.data);
      if (event !== null) {
        const fresh = await withinTime(deps.intake.receive(event), deps.answerWithinMs);
        deps.log.debug({ event: event.kind, delivery: delivery.data, fresh }, 'a webhook of Linear was stored');
      }
      return reply.code(200).send();
    });
  });
}
