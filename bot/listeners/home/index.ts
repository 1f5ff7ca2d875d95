import type { App } from '@slack/bolt';
import type { ListenerContext } from '../context.ts';
import { publishHome } from './publish.ts';

/** Opening the home tab draws it anew. */
export function registerHome(app: App, context: ListenerContext): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(context, event.user);
  });
}
