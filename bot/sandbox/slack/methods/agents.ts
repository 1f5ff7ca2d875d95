import { optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { conversationFor } from '../people.ts';
import { threadRoot } from '../posting.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { MethodTable } from './method.ts';

const sessionStatuses = ['active', 'processing', 'suspended', 'closed'];
const shown: Readonly<Record<string, string>> = { processing: 'is working…', suspended: 'waits for an answer' };

function show(workspace: Workspace, args: Json, status: string): void {
  const conversation = conversationFor(workspace, requiredText(args, 'channel_id'));
  const threadTs = threadRoot(workspace, conversation.id, requiredText(args, 'thread_ts'));
  if (threadTs === undefined) throw new SlackRefusal('thread_not_found');
  const key = `${conversation.id}/${threadTs}`;
  if (status === '') workspace.statuses.delete(key);
  else workspace.statuses.set(key, status);
  workspace.feed.publish({ type: 'status', channel: conversation.id, thread_ts: threadTs, status, user: null });
}

export const agents: MethodTable = {
  'agents.sessions.setStatus': (workspace, args) => {
    const status = requiredText(args, 'status');
    if (!sessionStatuses.includes(status))
      throw new SlackRefusal('invalid_arguments', [`[ERROR] must be one of: ${sessionStatuses.join(', ')} [json-pointer:/status]`]);
    const title = optionalText(args, 'title') ?? '';
    if (title.length > 200) throw new SlackRefusal('invalid_arguments', ['[ERROR] must be less than 201 characters [json-pointer:/title]']);
    show(workspace, args, shown[status] ?? '');
    return { status, agent_status: status, title };
  },
  'assistant.threads.setStatus': (workspace, args) => {
    const status = args['status'];
    if (typeof status !== 'string') throw new SlackRefusal('invalid_arguments', ['[ERROR] missing required field: status']);
    show(workspace, args, status);
    return {};
  },
};
