import { optionalText, requiredText } from '../arguments.ts';
import { SlackRefusal } from '../errors.ts';
import { slackId } from '../events.ts';
import { conversationFor } from '../people.ts';
import { announceFile, completeFile, fillFile, findFile } from '../store/files.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import type { MethodTable } from './method.ts';

/** https://docs.slack.dev/reference/methods/canvases.create: a canvas is a file, of which people are given the address. */
function create(workspace: Workspace, args: Json): Json {
  const content = args['document_content'];
  const { type, markdown } = typeof content === 'object' && content !== null ? (content as Json) : {};
  if (type !== 'markdown' || typeof markdown !== 'string') throw new SlackRefusal('invalid_arguments', ['[ERROR] document_content']);
  const bytes = new TextEncoder().encode(markdown);
  const title = optionalText(args, 'title') ?? 'Untitled';
  const id = slackId('F');
  announceFile(workspace.database, { id, name: `${title}.md`, length: bytes.length, altText: '', snippet: 'canvas' });
  fillFile(workspace.database, id, bytes);
  completeFile(workspace.database, id, title);
  return { canvas_id: id };
}

/** Regular channels only, at most 20. */
function setAccess(workspace: Workspace, args: Json): Json {
  const canvas = findFile(workspace.database, requiredText(args, 'canvas_id'));
  if (canvas === null || canvas.snippet !== 'canvas') throw new SlackRefusal('canvas_not_found');
  if (!['read', 'write'].includes(requiredText(args, 'access_level')))
    throw new SlackRefusal('invalid_arguments', ['[ERROR] access_level']);
  const channels = args['channel_ids'];
  if (!Array.isArray(channels) || channels.length === 0 || channels.length > 20)
    throw new SlackRefusal('invalid_arguments', ['[ERROR] channel_ids']);
  for (const channel of channels)
    if (conversationFor(workspace, String(channel)).kind === 'im') throw new SlackRefusal('channel_not_found');
  return {};
}

export const canvases: MethodTable = { 'canvases.create': create, 'canvases.access.set': setAccess };
