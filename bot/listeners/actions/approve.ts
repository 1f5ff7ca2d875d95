import { answered, type Click } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { readReference } from '../plan-reference.ts';
import { tell } from '../tell.ts';
import { ballotView, castBallot } from '../vote.ts';
import { askReason } from './ask-reason.ts';

/** Low and medium count at once; high asks for the reason first. */
export function approve(context: ListenerContext, click: Click): Promise<void> {
  return answered(context, click, async () => {
    const { p, h } = readReference(click.value);
    const stored = await context.reads.plan(p);
    if (stored?.plan.tier === 'high' && stored.state === 'pending') return askReason(context, click, 'approve');
    const outcome = await castBallot(context, { who: click.who, planId: p, requestHash: h, verdict: 'approve', reason: null });
    return tell(context, click.who, click.where, ballotView(outcome));
  });
}
