import type { App, ViewSubmitAction } from '@slack/bolt';
import type { ListenerContext } from '../context.ts';
import { onNewInvestigation } from './new-investigation.ts';
import { onReason } from './reason.ts';

export function registerViews(app: App, context: ListenerContext): void {
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: 'plan.reason' }, (args) => onReason(context, args));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: 'plan.request_changes' }, (args) => onReason(context, args));
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: 'new_investigation' }, (args) => onNewInvestigation(context, args));
}
