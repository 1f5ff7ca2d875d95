import { newInvestigation } from '../../../blocks/new-investigation.ts';
import { callSlack } from '../../slack/call.ts';
import { answered, whoIs } from '../click.ts';
import type { ListenerContext } from '../context.ts';

interface Body {
  readonly trigger_id: string;
  readonly user: { readonly id: string; readonly team_id?: string | undefined };
  readonly team: { readonly id: string } | null;
}

export function openNewInvestigation(context: ListenerContext, body: Body): Promise<void> {
  const click = { who: whoIs(body), where: { channel: null, threadTs: null } };
  return answered(context, click, async () => {
    await callSlack('views.open', () => context.client.views.open({ trigger_id: body.trigger_id, view: newInvestigation() }));
  });
}
