import { planDetails } from '../../../blocks/plan-details.ts';
import { refusal } from '../../../blocks/refusal.ts';
import { callSlack } from '../../slack/call.ts';
import { redactData, redactLeaves } from '../../slack/redact-leaves.ts';
import { type Click, forMembers } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { readReference } from '../plan-reference.ts';
import { tell } from '../tell.ts';

export function details(context: ListenerContext, click: Click): Promise<void> {
  return forMembers(context, click, 'vote', async () => {
    const stored = await context.reads.plan(readReference(click.value).p);
    if (stored === null) return tell(context, click.who, click.where, refusal('This plan is not known any more.'));
    const files = await context.filesOf(stored.plan);
    const view = redactLeaves(planDetails(redactData(stored, context.redact), context.links, files), context.redact);
    await callSlack('views.open', () => context.client.views.open({ trigger_id: click.trigger, view }));
  });
}
