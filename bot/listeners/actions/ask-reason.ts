import { reasonModal } from '../../../blocks/reason-modal.ts';
import type { Verdict } from '../../../workflows/contracts/plan.ts';
import { callSlack } from '../../slack/call.ts';
import { redactLeaves } from '../../slack/redact-leaves.ts';
import { answered, type Click } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { type Question, readReference } from '../plan-reference.ts';

/** Opens the modal that asks why. Whether the person may vote is judged when they answer. */
export function askReason(context: ListenerContext, click: Click, verdict: Verdict): Promise<void> {
  return answered(context, click, async () => {
    const { p, h } = readReference(click.value);
    const stored = await context.reads.plan(p);
    const question: Question = { p, h, v: verdict, c: click.where.channel, t: click.where.threadTs };
    const callbackId = verdict === 'request_changes' ? 'plan.request_changes' : 'plan.reason';
    const view = reasonModal({ callbackId, verdict, goal: stored?.plan.goal ?? 'Plan', metadata: JSON.stringify(question) });
    await callSlack('views.open', () => context.client.views.open({ trigger_id: click.trigger, view: redactLeaves(view, context.redact) }));
  });
}
