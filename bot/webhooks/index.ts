import type { Logger } from 'pino';
import type { Api } from '../api/context.ts';
import type { Authenticate } from '../api/principal.ts';
import type { Intake } from '../ports.ts';
import { alertmanagerWebhook } from './alertmanager.ts';
import { linearWebhook } from './linear.ts';
import { type PagerDutyWebhookDeps, pagerDutyWebhook } from './pagerduty.ts';

export interface WebhooksDeps {
  /** Null: no route for it. */
  readonly linear: { readonly secret: string } | null;
  /** Left out: no route for it. */
  readonly pagerduty?: Pick<PagerDutyWebhookDeps, 'secrets' | 'onIgnored'>;
  /** Left out: no route for it. */
  readonly alertmanager?: { readonly authenticate: Authenticate };
  readonly intake: Intake;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Registers the routes of the senders. Call it before the API listens. */
export async function registerWebhooks(api: Api, { linear, pagerduty, alertmanager, ...common }: WebhooksDeps): Promise<void> {
  if (linear !== null) await linearWebhook(api, { ...common, ...linear });
  if (pagerduty !== undefined) await pagerDutyWebhook(api, { ...common, ...pagerduty });
  if (alertmanager !== undefined) await alertmanagerWebhook(api, { ...common, ...alertmanager });
}
