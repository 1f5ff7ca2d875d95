import type { App } from '@slack/bolt';
import type { ListenerContext } from '../context.ts';
import { investigateMessage } from './investigate-message.ts';
import { openNewInvestigation } from './new-investigation.ts';

export function registerShortcuts(app: App, context: ListenerContext): void {
  app.shortcut({ type: 'message_action', callback_id: 'investigate_message' }, async ({ ack, body }) => {
    await ack();
    await investigateMessage(context, body);
  });
  app.shortcut({ type: 'shortcut', callback_id: 'new_investigation' }, async ({ ack, body }) => {
    await ack();
    await openNewInvestigation(context, body);
  });
}
