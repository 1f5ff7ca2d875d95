import type { MessageView } from '../../blocks/slack.ts';
import { signInLink, unknownPerson } from '../../blocks/unknown-person.ts';
import { linkMinutes } from '../identity/invitations.ts';
import { type ListenerContext, personOf, type Refused, type SlackUser } from './context.ts';
import { tell, type Where } from './tell.ts';

/** For somebody who maps to nobody: how they can change that. Throws SlackUnavailable, StoreUnavailable. */
export async function invitation(context: ListenerContext, who: SlackUser): Promise<MessageView> {
  const account = await context.accounts.check(who);
  if (account.kind !== 'member') return unknownPerson(who);
  const { teamName } = await context.identity();
  const { team, user } = who;
  const url = await context.invitations.invite({ team, user, teamName, userName: account.name });
  return url === null ? unknownPerson(who) : signInLink(url, linkMinutes);
}

/** Null for somebody who maps to a person; else what to tell them. It is audited. */
export async function stranger(context: ListenerContext, who: SlackUser, what: Refused['what']): Promise<MessageView | null> {
  if ((await personOf(context, who)) !== null) return null;
  await context.onRefused({ who, what, code: 'unmapped' });
  return invitation(context, who);
}

/** The same, where they are told at once; answers true for somebody known. */
export async function known(context: ListenerContext, who: SlackUser, where: Where, what: Refused['what']): Promise<boolean> {
  const view = await stranger(context, who, what);
  if (view !== null) await tell(context, who, where, view);
  return view === null;
}
