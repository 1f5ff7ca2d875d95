import { z } from 'zod';
import { notice } from '../../blocks/notice.ts';
import type { ListenerContext, Refused, SlackUser } from './context.ts';
import { admitted, tell, type Where } from './tell.ts';

const Body = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  trigger_id: z.string(),
  actions: z.array(z.object({ value: z.string().optional() })).min(1),
});

/** A click: who, where, and what the button carried. */
export interface Click {
  readonly who: SlackUser;
  readonly where: Where;
  readonly trigger: string;
  readonly value: string;
}

export function whoIs(body: { user: { id: string; team_id?: string | undefined }; team?: { id: string } | null | undefined }): SlackUser {
  return { team: body.user.team_id ?? body.team?.id ?? '', user: body.user.id };
}

export function clickOf(body: unknown): Click {
  const { user, team, channel, message, trigger_id, actions } = Body.parse(body);
  const where = { channel: channel?.id ?? null, threadTs: message?.thread_ts ?? null };
  return { who: whoIs({ user, team }), where, trigger: trigger_id, value: actions[0]?.value ?? '' };
}

/** Clicks are not sent again: whatever goes wrong is said to the person, who can click again. */
export async function answered(
  context: ListenerContext,
  { who, where }: Pick<Click, 'who' | 'where'>,
  handle: () => Promise<void>,
): Promise<void> {
  try {
    await handle();
  } catch (error) {
    context.log.error({ err: error }, 'slack click failed');
    await tell(context, who, where, notice('That did not work: a part of the system does not answer. Please try again.'));
  }
}

/** The same, for full members of the workspace only. */
export function forMembers(context: ListenerContext, click: Click, what: Refused['what'], handle: () => Promise<void>): Promise<void> {
  return answered(context, click, async () => {
    if (await admitted(context, click.who, click.where, what)) await handle();
  });
}
