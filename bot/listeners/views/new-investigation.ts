import { callSlack } from '../../slack/call.ts';
import { plainText } from '../../slack/plain-text.ts';
import { ask } from '../ask.ts';
import { whoIs } from '../click.ts';
import type { ListenerContext } from '../context.ts';
import { known } from '../known.ts';
import { complain, type Submission, typed } from './submission.ts';

async function directMessage(context: ListenerContext, user: string): Promise<string> {
  const { channel } = await callSlack('conversations.open', () => context.client.conversations.open({ users: user }));
  return channel?.id ?? user;
}

/** Starts in a direct message: a global shortcut belongs to no channel. */
export async function onNewInvestigation(context: ListenerContext, submission: Submission): Promise<void> {
  const { ack, body, view } = submission;
  const who = whoIs(body);
  const text = plainText(typed(submission, 'text'));
  if (text === '') return complain(ack, 'text', 'Please say what is wrong.');
  try {
    const account = await context.accounts.check(who);
    if (account.kind === 'refused') {
      await context.onRefused({ who, what: 'investigate', code: account.code });
      return await complain(ack, 'text', account.message);
    }
    if (!(await known(context, who, { channel: null, threadTs: null }, 'investigate'))) return await ack();
    await ask(context, view.id, who, await directMessage(context, who.user), text);
    return await ack();
  } catch (error) {
    context.log.error({ err: error }, 'slack investigation could not be started');
    return complain(ack, 'text', 'A part of the system does not answer. Please try again.');
  }
}
