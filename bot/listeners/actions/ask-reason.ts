import { reasonModal } from '../../../blocks/reason-modal.ts';
import type { Verdict } from '../../../workflows/contracts/plan.ts';
import { callSlack } from '../../slack/call.ts';
import { redactData, redactLeaves } from '../../slack/redact-leaves.ts';
import { answered, type Click } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { type Question, readReference } from '../plan-reference.ts';
import { answerBallot, wouldCount } from '../vote.ts';

/** Opens the modal that asks why. Who may not give that answer now is told so instead; the vote path judges again when they submit. */
export function askReason(context: ListenerContext, click: Click, verdict: Verdict): Promise<void> {
  return answered(context, click, async () => {
    const { p, h } = readReference(click.value);
    const { who, where } = click;
    const ballot = { who, where, planId: p, requestHash: h, verdict, reason: null };
    const stored = await context.reads.plan(p);
    if (stored === null || !(await wouldCount(context, ballot))) return answerBallot(context, ballot);
    const question: Question = { p, h, v: verdict, c: where.channel, t: where.threadTs };
    const callbackId = verdict === 'request_changes' ? 'plan.request_changes' : 'plan.reason';
    const plan = redactData(stored.plan, context.redact);
    const view = redactLeaves(reasonModal({ callbackId, verdict, plan, metadata: JSON.stringify(question) }), context.redact);
    return void (await callSlack('views.open', () => context.client.views.open({ trigger_id: click.trigger, view })));
  });
}
