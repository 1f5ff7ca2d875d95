import type { App } from '@slack/bolt';
import type { ListenerContext } from '../context.ts';
import { onMessage } from './message.ts';

/** Retries are never dropped by their header: the first to arrive may be one. The inbox drops what it has seen. */
export function registerEvents(app: App, context: ListenerContext): void {
  app.event('app_mention', async ({ event, body }) => onMessage(context, event, body, false));
  app.event('message', async ({ event, body }) => {
    if (event.channel_type === 'im') await onMessage(context, event, body, true);
  });
}
