import { approvals } from '../../../blocks/approvals.ts';
import { help } from '../../../blocks/help.ts';
import { incidentStatus } from '../../../blocks/incident-status.ts';
import { notice } from '../../../blocks/notice.ts';
import { refusal } from '../../../blocks/refusal.ts';
import type { MessageView } from '../../../blocks/slack.ts';
import { status } from '../../../blocks/status.ts';
import { clamp } from '../../slack/clamp.ts';
import { SlackRefused } from '../../slack/errors.ts';
import { plainText } from '../../slack/plain-text.ts';
import { redactLeaves } from '../../slack/redact-leaves.ts';
import { ask } from '../ask.ts';
import type { ListenerContext } from '../context.ts';
import { stranger } from '../known.ts';
import { auditShared, channelFacts, sharedWords } from '../shared-channel.ts';
import { waitingFor } from '../waiting.ts';

export interface Command {
  readonly text: string;
  readonly user_id: string;
  readonly team_id: string;
  readonly channel_id: string;
  readonly trigger_id: string;
}

async function start(context: ListenerContext, command: Command, text: string): Promise<MessageView> {
  if (text === '') return refusal('Say what is wrong: /watchkeeper ask checkout returns errors');
  const who = { team: command.team_id, user: command.user_id };
  if ((await channelFacts(context, command.channel_id)).shared) {
    await auditShared(context, who, 'command');
    return refusal(sharedWords);
  }
  const unknown = await stranger(context, who, 'command');
  if (unknown !== null) return unknown;
  try {
    await ask(context, command.trigger_id, who, command.channel_id, text);
    return notice('Looking into it, in a new thread of this channel.');
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return refusal('I cannot write in this channel. Invite me here, or write to me directly.');
  }
}

async function one(context: ListenerContext, id: string): Promise<MessageView> {
  if (id === '') return refusal('Which one? /watchkeeper incident ID');
  const incident = await context.reads.incident(id);
  return incident === null ? refusal(`There is no incident ${id}.`) : incidentStatus(incident, context.links);
}

async function carryOut(context: ListenerContext, command: Command): Promise<MessageView> {
  const [verb = 'help', ...rest] = plainText(command.text).trim().split(/\s+/);
  if (verb === 'ask') return start(context, command, plainText(command.text).trim().slice(verb.length).trim());
  if (verb === 'status') return status(await context.reads.openIncidents(), context.links);
  if (verb === 'approvals') return approvals(await waitingFor(context, { team: command.team_id, user: command.user_id }), context.links);
  if (verb === 'incident') return one(context, rest.join(' '));
  if (verb === 'help' || verb === '') return help();
  return refusal(`I do not know "${verb}". Try help, status, ask, approvals or incident.`);
}

/** The answer to a command, for the asker alone. Commands are not sent again, so it never throws. */
export async function answerCommand(context: ListenerContext, command: Command): Promise<MessageView> {
  try {
    const who = { team: command.team_id, user: command.user_id };
    const account = await context.accounts.check(who);
    if (account.kind === 'member') return clamp(redactLeaves(await carryOut(context, command), context.redact));
    await context.onRefused({ who, what: 'command', code: account.code });
    return refusal(account.message);
  } catch (error) {
    context.log.error({ err: error }, 'slack command failed');
    return refusal('That did not work: a part of the system does not answer. Please try again.');
  }
}
