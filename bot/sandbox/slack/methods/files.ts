import { missing, optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { slackId } from '../events.ts';
import { botPerson, conversationFor } from '../people.ts';
import { post, threadRoot } from '../posting.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { messageBlocks } from './content.ts';
import type { MethodTable } from './method.ts';

function fileObject(workspace: Workspace, row: Record<string, unknown>): Json {
  const url = `${workspace.origin()}/files/${String(row['id'])}`;
  const name = String(row['name']);
  const shared = {
    id: row['id'],
    name,
    title: row['title'] ?? name,
    alt_txt: row['alt_text'],
    size: row['length'],
    user: workspace.app.botUserId,
  };
  return { ...shared, filetype: name.split('.').at(-1) ?? '', url_private: url, permalink: url };
}

function complete(workspace: Workspace, args: Json): Json {
  const given = args['files'];
  if (!Array.isArray(given) || given.length === 0) throw missing('files');
  const files = (given as Json[]).map((file) => {
    const id = requiredText(file, 'id');
    const row = workspace.database.prepare('select * from files where id = ?').get(id);
    if (row === undefined || row['content'] === null) throw new SlackRefusal('file_not_found');
    const title = optionalText(file, 'title') ?? String(row['name']);
    workspace.database.prepare('update files set title = ? where id = ?').run(title, id);
    return fileObject(workspace, { ...row, title });
  });
  const channel = optionalText(args, 'channel_id');
  if (channel === undefined) return { files };
  const conversation = conversationFor(workspace, channel);
  const given_ts = optionalText(args, 'thread_ts');
  const threadTs = given_ts === undefined ? undefined : threadRoot(workspace, conversation.id, given_ts);
  if (given_ts !== undefined && threadTs === undefined) throw new SlackRefusal('thread_not_found');
  const blocks = args['blocks'] === undefined ? {} : { blocks: messageBlocks(workspace, args['blocks']) };
  post(workspace, {
    conversation,
    author: botPerson(workspace),
    threadTs,
    content: { text: optionalText(args, 'initial_comment') ?? '', ...blocks, files, upload: true },
  });
  return { files };
}

export const files: MethodTable = {
  'files.getUploadURLExternal': (workspace, args) => {
    const name = requiredText(args, 'filename');
    const length = Number(requiredText(args, 'length'));
    if (!Number.isInteger(length) || length < 1)
      throw new SlackRefusal('invalid_arguments', ['[ERROR] must be a positive number [json-pointer:/length]']);
    const id = slackId('F');
    workspace.database
      .prepare('insert into files (id, name, length, alt_text) values (?, ?, ?, ?)')
      .run(id, name, length, optionalText(args, 'alt_text') ?? optionalText(args, 'alt_txt') ?? '');
    return { upload_url: `${workspace.origin()}/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': complete,
};
