import { closedHome } from '../../../blocks/closed-home.ts';
import { home } from '../../../blocks/home.ts';
import type { Home } from '../../../blocks/slack.ts';
import { callSlack } from '../../slack/call.ts';
import { redactLeaves } from '../../slack/redact-leaves.ts';
import type { ListenerContext } from '../context.ts';
import { waitingFor } from '../waiting.ts';

async function homeFor(context: ListenerContext, user: string): Promise<Home> {
  const { team } = await context.identity();
  const who = { team, user };
  const account = await context.accounts.check(who);
  if (account.kind === 'refused') return closedHome(account.message);
  const [incidents, plans, sites] = await Promise.all([
    context.reads.openIncidents(),
    waitingFor(context, who),
    context.reads.siteRunners(),
  ]);
  return redactLeaves(home(incidents, plans, sites, context.links), context.redact);
}

/** Draws somebody's Home anew. A failure is not worth a retry: the next opening draws it again. */
export async function publishHome(context: ListenerContext, user: string): Promise<void> {
  try {
    const view = await homeFor(context, user);
    await callSlack('views.publish', () => context.client.views.publish({ user_id: user, view }));
  } catch (error) {
    context.log.warn({ err: error }, 'slack home could not be published');
  }
}
