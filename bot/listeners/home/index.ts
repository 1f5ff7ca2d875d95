import type { App } from '@slack/bolt';
import { closedHome } from '../../../blocks/closed-home.ts';
import { home } from '../../../blocks/home.ts';
import type { Home } from '../../../blocks/slack.ts';
import { callSlack } from '../../slack/call.ts';
import { redactLeaves } from '../../slack/redact-leaves.ts';
import type { ListenerContext } from '../context.ts';

async function homeFor(context: ListenerContext, user: string): Promise<Home> {
  const { team } = await context.identity();
  const account = await context.accounts.check({ team, user });
  if (account.kind === 'refused') return closedHome(account.message);
  const [incidents, plans] = await Promise.all([context.reads.openIncidents(), context.reads.pendingPlans()]);
  return redactLeaves(home(incidents, plans, context.links), context.redact);
}

/** Opening the home tab draws it anew. A failure is not worth a retry: the next opening draws it again. */
export function registerHome(app: App, context: ListenerContext): void {
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab !== 'home') return;
    try {
      const view = await homeFor(context, event.user);
      await callSlack('views.publish', () => context.client.views.publish({ user_id: event.user, view }));
    } catch (error) {
      context.log.warn({ err: error }, 'slack home could not be published');
    }
  });
}
