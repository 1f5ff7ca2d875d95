import type { App } from '@slack/bolt';
import { type Click, clickOf } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { approve } from './approve.ts';
import { askReason } from './ask-reason.ts';
import { cancel } from './cancel.ts';
import { details } from './details.ts';
import { feedback } from './feedback.ts';

type Handler = (context: ListenerContext, click: Click) => Promise<void>;

export function registerActions(app: App, context: ListenerContext): void {
  const handlers: Readonly<Record<string, Handler>> = {
    'plan.approve': approve,
    'plan.reject': (_, click) => askReason(context, click, 'reject'),
    'plan.request_changes': (_, click) => askReason(context, click, 'request_changes'),
    'plan.details': details,
    'incident.cancel': cancel,
    'finding.feedback': feedback,
  };
  for (const [actionId, handle] of Object.entries(handlers)) {
    app.action(actionId, async ({ ack, body }) => {
      await ack();
      await handle(context, clickOf(body));
    });
  }
}
