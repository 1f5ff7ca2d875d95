import { answered, type Click } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { readReference } from '../plan-reference.ts';
import { answerBallot } from '../vote.ts';
import { askReason } from './ask-reason.ts';

/** Low and medium count at once; high asks for the reason first. */
export function approve(context: ListenerContext, click: Click): Promise<void> {
  return answered(context, click, async () => {
    const { p, h } = readReference(click.value);
    if ((await context.reads.plan(p))?.plan.tier === 'high') return askReason(context, click, 'approve');
    const { who, where } = click;
    return answerBallot(context, { who, where, planId: p, requestHash: h, verdict: 'approve', reason: null });
  });
}
