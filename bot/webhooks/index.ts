import type { Logger } from 'pino';
import type { Api } from '../api/context.ts';
import type { Intake } from '../ports.ts';
import { linearWebhook } from './linear.ts';

export interface WebhooksDeps {
  /** Null: no route for it. */
  readonly linear: { readonly secret: string } | null;
  readonly intake: Intake;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Registers the routes of the senders that are configured. Call it before the API listens. */
export async function registerWebhooks(api: Api, { linear, ...common }: WebhooksDeps): Promise<void> {
  if (linear !== null) await linearWebhook(api, { ...common, ...linear });
}
