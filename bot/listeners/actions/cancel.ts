import { z } from 'zod';
import { notice } from '../../../blocks/notice.ts';
import { refusal } from '../../../blocks/refusal.ts';
import { type Click, forMembers } from '../click.ts';
import { type ListenerContext, personOf } from '../context.ts';
import { known } from '../known.ts';
import { tell } from '../tell.ts';

const Reference = z.object({ i: z.string() });

/** Stops an incident, for people whose role does more than look. */
export function cancel(context: ListenerContext, click: Click): Promise<void> {
  return forMembers(context, click, 'cancel', async () => {
    if (!(await known(context, click.who, click.where, 'cancel'))) return undefined;
    const person = await personOf(context, click.who);
    if (person === null || person.roles.every((role) => role === 'viewer')) {
      return tell(
        context,
        click.who,
        click.where,
        refusal('Only people with the role responder, approver or admin can cancel. Ask an administrator to map your Slack account.'),
      );
    }
    const { i } = Reference.parse(JSON.parse(click.value));
    const cancelled = await context.incidents.cancel(i, person.id);
    return tell(
      context,
      click.who,
      click.where,
      notice(cancelled ? 'Cancelling. A running step is finished and checked first.' : 'It is closed already.'),
    );
  });
}
