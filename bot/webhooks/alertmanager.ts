import type { Logger } from 'pino';
import type { z } from 'zod';
import { sha256Hex } from '../../tools/canonical.ts';
import { AlertGroup } from '../alertmanager/group.ts';
import { type Api, principalOf } from '../api/context.ts';
import { type Authenticate, requireScope } from '../api/principal.ts';
import { Problem } from '../api/problem.ts';
import type { Intake } from '../ports.ts';
import { withinTime } from './raw-body.ts';

export interface AlertmanagerWebhookDeps {
  readonly authenticate: Authenticate;
  readonly intake: Intake;
  readonly log: Logger;
  /** Milliseconds for the durable write; 4,000 unless given. */
  readonly answerWithinMs?: number;
}

const bodyLimit = 4 * 1_048_576;

/** The same alerts of the same group in the same state are the same notification, whoever of a pair sends it. */
function dedupeKeyOf({ groupKey, truncatedAlerts, alerts }: AlertGroup): string {
  const states = alerts.map(({ fingerprint, startsAt, status }) => [fingerprint, new Date(startsAt).toISOString(), status].join(' '));
  return sha256Hex([groupKey, truncatedAlerts, ...states.toSorted()].join('\n'));
}

function invalid({ issues }: z.ZodError): Problem {
  const errors = issues
    .slice(0, 20)
    .map(({ path, message }) => ({ pointer: path.map((part) => `/${String(part)}`).join(''), detail: message }));
  return new Problem(400, 'invalid_request', "The body is not a notification of Alertmanager's webhook, version 4.", { errors });
}

/**
 * `POST /webhooks/alertmanager`: 200 after the durable write. Alertmanager signs nothing: a service token with the scope `alerts:write` is the proof
 * (401, 403). It sends again after a 5xx, and never after a 4xx.
 */
export async function alertmanagerWebhook(api: Api, deps: AlertmanagerWebhookDeps): Promise<void> {
  await api.register((scoped: Api, _options, done) => {
    // Before the body is read.
    scoped.addHook('onRequest', async (request) => {
      request.principal = await deps.authenticate(request.headers.authorization);
      requireScope(request.principal, 'alerts:write');
    });
    scoped.post('/webhooks/alertmanager', { bodyLimit, schema: { hide: true } }, async (request, reply) => {
      const group = AlertGroup.safeParse(request.body);
      if (!group.success) throw invalid(group.error);
      const kept = { ...group.data, groupKey: sha256Hex(group.data.groupKey) };
      const stored = deps.intake.receive({
        kind: 'alertmanager.group',
        dedupeKey: dedupeKeyOf(kept),
        tokenId: principalOf(request).id,
        group: kept,
      });
      const fresh = await withinTime(stored, deps.answerWithinMs);
      deps.log.debug({ alerts: group.data.alerts.length, fresh }, 'a notification of Alertmanager was stored');
      return reply.code(200).send();
    });
    done();
  });
}
