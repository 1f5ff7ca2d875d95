import { SlackRefusal } from './errors.ts';
import { contentOf, requireSomething } from './methods/content.ts';
import { botPerson, conversationFor } from './people.ts';
import { edit, post, remove, threadRoot } from './posting.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { Json } from './types.ts';
import type { Workspace } from './workspace.ts';

/** A message for the place where somebody clicked or typed a command: a new one (for them alone, unless `in_channel`), or a change of the original. */
export function respondTo(workspace: Workspace, target: ResponseTarget, answer: Json): void {
  const conversation = conversationFor(workspace, target.channel);
  const original = target.ts === null ? undefined : workspace.messages.find(target.channel, target.ts);
  if (answer['delete_original'] === true && original !== undefined) {
    remove(workspace, original, conversation);
    return;
  }
  const { body } = contentOf(workspace, answer);
  requireSomething(body);
  if (answer['replace_original'] === true && original !== undefined) {
    if (original.author !== workspace.app.botUserId) throw new SlackRefusal('cant_update_message');
    edit(workspace, original, conversation, body);
    return;
  }
  const given = answer['thread_ts'];
  const threadTs = typeof given === 'string' ? threadRoot(workspace, target.channel, given) : undefined;
  const shared = { conversation, author: botPerson(workspace), content: { text: '', ...body }, threadTs };
  post(workspace, answer['response_type'] === 'in_channel' ? shared : { ...shared, visibleTo: target.user });
}
