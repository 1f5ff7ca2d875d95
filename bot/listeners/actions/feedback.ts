import { z } from 'zod';
import { notice } from '../../../blocks/notice.ts';
import { type Click, forMembers } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { tell } from '../tell.ts';

const Value = z.object({ i: z.string(), v: z.enum(['up', 'down']) });

export function feedback(context: ListenerContext, click: Click): Promise<void> {
  return forMembers(context, click, 'feedback', async () => {
    const { i, v } = Value.parse(JSON.parse(click.value));
    await context.onFeedback({ who: click.who, incidentId: i, verdict: v });
    await tell(context, click.who, click.where, notice('Noted, thank you.'));
  });
}
