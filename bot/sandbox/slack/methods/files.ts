import { missing, optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { slackId } from '../events.ts';
import { botPerson, conversationFor } from '../people.ts';
import { post, threadRoot } from '../posting.ts';
import { announceFile, completeFile, findFile, type StoredFile, textOf } from '../store/files.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { messageBlocks } from './content.ts';
import type { MethodTable } from './method.ts';

/** Slack's limits: https://docs.slack.dev/reference/methods/files.getUploadURLExternal/ */
const snippetLimit = 1_048_576;
const altTextLimit = 1000;

/** Lines that Slack gives as a preview of a snippet. */
const previewLines = 5;

function snippetFields(file: StoredFile): Json {
  if (file.snippet === null) return { filetype: file.name.split('.').at(-1) ?? '' };
  const lines = textOf(file).split('\n');
  return {
    filetype: file.snippet,
    mode: 'snippet',
    mimetype: 'text/plain',
    editable: true,
    preview: lines.slice(0, previewLines).join('\n'),
    lines: lines.length,
    lines_more: Math.max(0, lines.length - previewLines),
  };
}

function fileObject(workspace: Workspace, file: StoredFile): Json {
  const url = `${workspace.origin()}/files/${file.id}`;
  const { id, name, altText, length: size } = file;
  const shared = { id, name, title: file.title ?? name, alt_txt: altText, size, user: workspace.app.botUserId };
  return { ...shared, ...snippetFields(file), url_private: url, permalink: url };
}

/** Only what was uploaded can be completed, and only once: Slack's documents say nothing of a second time. */
function completed(workspace: Workspace, given: Json): Json {
  const file = findFile(workspace.database, requiredText(given, 'id'));
  if (file === null || file.content === null || file.title !== null) throw new SlackRefusal('file_not_found');
  const title = optionalText(given, 'title') ?? file.name;
  completeFile(workspace.database, file.id, title);
  return fileObject(workspace, { ...file, title });
}

function threadFor(workspace: Workspace, channel: string, args: Json): string | undefined {
  const given = optionalText(args, 'thread_ts');
  if (given === undefined) return undefined;
  const root = threadRoot(workspace, channel, given);
  if (root === undefined) throw new SlackRefusal('thread_not_found');
  return root;
}

function complete(workspace: Workspace, args: Json): Json {
  const given = args['files'];
  if (!Array.isArray(given) || given.length === 0) throw missing('files');
  const channel = optionalText(args, 'channel_id');
  if (channel === undefined) return { files: (given as Json[]).map((file) => completed(workspace, file)) };
  const conversation = conversationFor(workspace, channel);
  const threadTs = threadFor(workspace, conversation.id, args);
  const blocks = args['blocks'] === undefined ? {} : { blocks: messageBlocks(workspace, args['blocks']) };
  const files = (given as Json[]).map((file) => completed(workspace, file));
  post(workspace, {
    conversation,
    author: botPerson(workspace),
    threadTs,
    content: { text: optionalText(args, 'initial_comment') ?? '', ...blocks, files, upload: true },
  });
  return { files };
}

function announce(workspace: Workspace, args: Json): Json {
  const name = requiredText(args, 'filename');
  const length = Number(requiredText(args, 'length'));
  if (!Number.isInteger(length) || length < 1)
    throw new SlackRefusal('invalid_arguments', ['[ERROR] must be a positive number [json-pointer:/length]']);
  // The method's document says alt_txt, web-api's types alt_text.
  const altText = optionalText(args, 'alt_txt') ?? optionalText(args, 'alt_text') ?? '';
  if (altText.length > altTextLimit) throw new SlackRefusal('alt_txt_too_large');
  const snippet = optionalText(args, 'snippet_type') ?? null;
  if (snippet !== null && length > snippetLimit) throw new SlackRefusal('snippet_too_large');
  const id = slackId('F');
  announceFile(workspace.database, { id, name, length, altText, snippet });
  return { upload_url: `${workspace.origin()}/upload/${id}`, file_id: id };
}

export const files: MethodTable = {
  'files.getUploadURLExternal': announce,
  'files.completeUploadExternal': complete,
};
